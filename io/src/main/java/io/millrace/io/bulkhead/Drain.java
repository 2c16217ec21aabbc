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
 * Delivers what waits of one route in one part of its queue, in its order, on a thread of its own. A sink that takes nothing is tried
 * again and again. It ends when nothing has come for a while, and when its thread is interrupted.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final int MAX_IDLE = 300; // times that nothing came, each a moment long
    private static final FluentBackoff PAUSES =
            FluentBackoff.DEFAULT.withInitialBackoff(Duration.millis(200)).withMaxBackoff(Duration.standardSeconds(5));

    private final RouteWriter route;
    private final Retrieval retrieval;
    private final BlockingQueue<Delivery> deliveries;
    private @Nullable EventWriter writer;

    /**
     * What became of events of a route.
     *
     * @param events how many were delivered or refused
     * @param refused those that the sink refused
     * @param queue where they are to be released
     * @param ends behind them, for each partition
     */
    record Delivery(RouteWriter route, int events, List<Refused> refused, Queue queue, Map<Integer, Long> ends) {}

    /** A drain that reports its deliveries to a queue. */
    Drain(RouteWriter route, Retrieval retrieval, BlockingQueue<Delivery> deliveries) {
        this.route = route;
        this.retrieval = retrieval;
        this.deliveries = deliveries;
    }

    /** Delivers until there is nothing more. */
    void run() {
        try {
            again("its queue", () -> {
                try (Queue queue = retrieval.queue(route.route())) {
                    drain(queue);
                }
                return true;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeWriter();
        }
    }

    private void drain(Queue queue) throws IOException, InterruptedException {
        int idle = 0;
        while (idle < MAX_IDLE || !queue.isReleased()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            Parked parked = queue.next();
            idle = parked.events().isEmpty() ? idle + 1 : 0;
            if (!parked.events().isEmpty()) {
                deliver(parked, queue);
            }
        }
    }

    private void deliver(Parked parked, Queue queue) throws InterruptedException {
        List<TimedEvent> events = parked.events();
        List<Refused> refused = again("its sink", () -> write(events)).entrySet().stream()
                .map(one -> new Refused(events.get(one.getKey()), one.getValue()))
                .toList();
        queue.delivered(parked);
        deliveries.put(new Delivery(route, events.size(), refused, queue, parked.ends()));
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
