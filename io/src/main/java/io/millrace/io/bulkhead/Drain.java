package io.millrace.io.bulkhead;

import io.millrace.io.bulkhead.Retrieval.Parked;
import io.millrace.io.bulkhead.Retrieval.Queue;
import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.TimedEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import org.apache.beam.sdk.util.BackOff;
import org.apache.beam.sdk.util.FluentBackoff;
import org.apache.beam.sdk.util.Sleeper;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what waits of one route in one part of its queue, in its order, on a thread of its own, until that is interrupted. A sink
 * that takes nothing is tried again and again.
 */
final class Drain implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final FluentBackoff PAUSES =
            FluentBackoff.DEFAULT.withInitialBackoff(Duration.millis(200)).withMaxBackoff(Duration.standardSeconds(5));

    private final RouteWriter route;
    private final Retrieval retrieval;
    private final BlockingQueue<Delivery> deliveries;
    private @Nullable EventWriter writer;

    /**
     * Events that a sink has taken or refused.
     *
     * @param refused those that it refused, by their position
     * @param queue where they are to be released
     */
    record Delivery(RouteWriter route, Parked parked, Map<Integer, RefusedException> refused, Queue queue) {
        void release() {
            queue.release(parked);
        }
    }

    /** A drain that reports its deliveries to a queue. */
    Drain(RouteWriter route, Retrieval retrieval, BlockingQueue<Delivery> deliveries) {
        this.route = route;
        this.retrieval = retrieval;
        this.deliveries = deliveries;
    }

    @Override
    public void run() {
        try {
            again("its queue", () -> {
                try (Queue queue = retrieval.queue(route.route())) {
                    return drain(queue);
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeWriter();
        }
    }

    private boolean drain(Queue queue) throws IOException, InterruptedException {
        while (!Thread.currentThread().isInterrupted()) {
            Parked parked = queue.next();
            if (!parked.events().isEmpty()) {
                Map<Integer, RefusedException> refused = again("its sink", () -> write(parked.events()));
                queue.delivered(parked);
                deliveries.put(new Delivery(route, parked, refused, queue));
            }
        }
        throw new InterruptedException();
    }

    private Map<Integer, RefusedException> write(List<TimedEvent> events) throws IOException, InterruptedException {
        try {
            EventWriter open = writer == null ? route.writers().open() : writer;
            writer = open;
            return open.write(events);
        } catch (IOException | RuntimeException e) {
            closeWriter();
            throw e;
        }
    }

    private <T> T again(String what, Attempt<T> attempt) throws InterruptedException {
        BackOff pauses = PAUSES.backoff();
        while (true) {
            try {
                return attempt.make();
            } catch (IOException | RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                LOG.warn("route {}, which is parked, waits for {}: {}", route.route(), what, e.toString());
                Sleeper.DEFAULT.sleep(pauses.nextBackOffMillis());
            }
        }
    }

    private interface Attempt<T> {
        T make() throws IOException, InterruptedException;
    }

    private void closeWriter() {
        try {
            if (writer != null) {
                writer.close();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("a sink's client could not be closed", e);
        }
        writer = null;
    }
}
