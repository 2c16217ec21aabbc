package io.millrace.io.bulkhead;

import static java.util.Objects.requireNonNull;

import io.millrace.io.bulkhead.Drain.Delivery;
import io.millrace.io.bulkhead.Retrieval.Queue;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers one part of what waits, of all routes: looks twice a second for routes that have begun to wait. */
final class PartDelivery implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(PartDelivery.class);
    private static final int MAX_UNREPORTED = 1_000;
    private static final int LOOK_EVERY_MILLIS = 500;
    private static final int SECONDS_TO_END = 2;

    private final Map<String, RouteWriter> routes;
    private final Retrieval retrieval;
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>(MAX_UNREPORTED);
    private final ExecutorService drains = Executors.newCachedThreadPool(Threads.named("millrace-drain"));
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(Threads.named("millrace-look"));
    private final Set<String> draining = ConcurrentHashMap.newKeySet();
    private final Map<Queue, Map<Integer, Long>> taken = new HashMap<>();

    private PartDelivery(Map<String, RouteWriter> routes, Retrieval retrieval) {
        this.routes = routes;
        this.retrieval = retrieval;
    }

    static PartDelivery begin(Map<String, RouteWriter> routes, Retrieval retrieval) {
        PartDelivery delivery = new PartDelivery(routes, retrieval);
        delivery.looking.scheduleWithFixedDelay(delivery::look, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return delivery;
    }

    private void look() {
        try {
            for (String route : retrieval.routes()) {
                if (draining.add(route)) {
                    begin(route);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // or nobody would ever look again
            LOG.warn("parked events cannot be looked for: {}", e.toString());
        }
    }

    private void begin(String route) {
        try {
            drains.execute(() -> drain(route));
        } catch (Throwable e) {
            draining.remove(route);
            throw e;
        }
    }

    private void drain(String route) {
        try {
            new Drain(requireNonNull(routes.get(route)), retrieval, deliveries).run();
        } catch (Throwable e) { // the next look begins again
            LOG.error("route {}, which is parked, could not be delivered", route, e);
        } finally {
            draining.remove(route);
        }
    }

    /** What was delivered since this was last asked. */
    synchronized List<Delivery> take() {
        List<Delivery> delivered = new ArrayList<>();
        deliveries.drainTo(delivered);
        delivered.forEach(delivery ->
                taken.computeIfAbsent(delivery.queue(), none -> new HashMap<>()).putAll(delivery.ends()));
        return delivered;
    }

    /** What was {@link #take taken} and is not released: behind it, for each partition of each queue. */
    synchronized Map<Queue, Map<Integer, Long>> unreleased() {
        Map<Queue, Map<Integer, Long>> copy = new HashMap<>();
        taken.forEach((queue, ends) -> copy.put(queue, Map.copyOf(ends)));
        return copy;
    }

    /** Releases what was {@link #unreleased}. */
    synchronized void release(Map<Queue, Map<Integer, Long>> released) {
        released.forEach((queue, ends) -> {
            queue.release(ends);
            taken.remove(queue, ends);
        });
    }

    @Override
    public void close() throws IOException {
        looking.shutdownNow();
        drains.shutdownNow();
        try {
            drains.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        retrieval.close();
    }
}
