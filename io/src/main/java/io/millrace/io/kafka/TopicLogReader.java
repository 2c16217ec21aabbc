package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.ControlLog.Read;
import io.millrace.transforms.script.version.ControlLogException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.TimestampType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a control topic up to the end that it has when it is asked. Where a transaction of somebody is open in it, what follows cannot be
 * read yet, and a read says so.
 */
final class TopicLogReader implements ControlLog.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(TopicLogReader.class);
    private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(10);

    private final ControlTopic settings;
    private final ControlTopics topics;
    private final OnePartition partition;
    private final Uuid id;
    private long lookedNanos = System.nanoTime();

    /** Takes over {@code topics}, and closes them. */
    TopicLogReader(ControlTopic settings, ControlTopics topics) throws InterruptedException, ExecutionException {
        this.settings = settings;
        this.topics = topics;
        this.id = topics.id();
        this.partition = OnePartition.fromBeginning(settings, settings.topic());
        if (partition.position() > 0) {
            LOG.warn(
                    "control topic {} at {} must keep its records, but has lost the first {}: which versions were accepted may be"
                            + " decided otherwise than it was",
                    settings.topic(),
                    settings.bootstrapServers(),
                    partition.position());
        }
    }

    @Override
    public Read read() throws IOException {
        try {
            Read read = ControlFailures.orIoException(settings, "read", this::readToEnd);
            if (!read.entries().isEmpty() || System.nanoTime() - lookedNanos > LOOKED_AT_EVERY.toNanos()) {
                checkIsTheSame();
            }
            return read;
        } catch (IOException e) {
            checkIsTheSame();
            throw e;
        }
    }

    /** What is behind an open transaction is not read as committed; so the end of everything is asked for as well. */
    private Read readToEnd() throws IOException, InterruptedException, ExecutionException {
        long end = topics.end();
        List<Entry> entries =
                partition.read().stream().map(TopicLogReader::entry).toList();
        return new Read(entries, partition.position() >= end);
    }

    /** The time that a producer gives a record says nothing of when it was there. */
    private static Entry entry(ConsumerRecord<byte[], byte[]> one) {
        String text = one.value() == null ? "" : new String(one.value(), UTF_8);
        return new Entry(
                text,
                one.timestampType() == TimestampType.LOG_APPEND_TIME ? Instant.ofEpochMilli(one.timestamp()) : null);
    }

    private void checkIsTheSame() throws IOException {
        Uuid now = ControlFailures.orIoException(settings, "read", topics::id);
        if (!now.equals(id)) {
            throw new ControlLogException("topic " + settings.topic() + " at " + settings.bootstrapServers()
                    + " must keep its records, but was deleted and made anew: start the job again");
        }
        lookedNanos = System.nanoTime();
    }

    @Override
    public void close() {
        partition.close();
        topics.close();
    }
}
