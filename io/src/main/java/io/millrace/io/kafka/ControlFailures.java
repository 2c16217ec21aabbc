package io.millrace.io.kafka;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Failures of what is asked of a control topic, as those of a control log. */
final class ControlFailures {
    private ControlFailures() {}

    /** What an action gives; its failure says that the topic cannot be {@code what}, such as read. */
    static <T> T orIoException(ControlTopic settings, String what, Action<T> action) throws IOException {
        String name = "control topic " + settings.topic() + " at " + settings.bootstrapServers();
        try {
            return action.run();
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + name + " was " + what);
        } catch (ExecutionException e) {
            throw failed(name, what, e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw failed(name, what, e);
        }
    }

    private static IOException failed(String name, String what, Throwable why) {
        return new IOException(name + " cannot be " + what + ": " + why.getMessage(), why);
    }

    /** What is asked of a topic. */
    interface Action<T> {
        T run() throws IOException, InterruptedException, ExecutionException;
    }
}
