package io.millrace.io.bulkhead;

import static java.util.Objects.requireNonNull;

import io.millrace.io.bulkhead.Drain.Delivery;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
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

    private final Map<String, RouteWriter> routes;
    private final Retrieval retrieval;
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>(MAX_UNREPORTED);
    private final ExecutorService drains = Executors.newCachedThreadPool(Threads.named("millrace-drain"));
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(Threads.named("millrace-look"));
    private final Set<String> draining = new HashSet<>();

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
                    drains.execute(new Drain(requireNonNull(routes.get(route)), retrieval, deliveries));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.warn("parked events cannot be looked for: {}", e.toString());
        }
    }

    /** What was delivered since this was last asked. */
    List<Delivery> take() {
        List<Delivery> taken = new ArrayList<>();
        deliveries.drainTo(taken);
        return taken;
    }

    @Override
    public void close() throws IOException {
        looking.shutdownNow();
        drains.shutdownNow();
        try {
            looking.awaitTermination(10, TimeUnit.SECONDS);
            drains.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        retrieval.close();
    }
}
