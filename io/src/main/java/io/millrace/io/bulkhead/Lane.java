package io.millrace.io.bulkhead;

import static java.util.Objects.requireNonNull;

import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.TimedEvent;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One route in one task: its events go to the sink as they come, or, when the sink does not keep up, into the parking lot.
 *
 * <p>A bundle waits for all sinks half a second while it fills, and half a second at its end. What is not answered then is parked, and what comes after it too, until
 * everything that was parked is delivered. Where events come all the time, there is always one on its way to the lot and back; so when
 * the sink is seen to keep up with what is parked, the events of one bundle are held until the lot is empty, and then go to the sink.
 * Where that does not come to be in time, it is tried again later and later.
 *
 * <p>For one thread.
 */
final class Lane {
    /** How long a bundle waits for sinks, and the end of one once more. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(1);

    private enum Way {
        TO_SINK,
        HELD,
        PARKED
    }

    private final RouteWriter route;
    private final Supplier<Courier> couriers;
    private final @Nullable ParkingLot lot;
    private final Outcome outcome;
    private final Retreat retreat;
    private final Allowance allowance;

    private Way way = Way.TO_SINK;
    private Courier courier;
    private List<TimedEvent> held = new ArrayList<>();
    private long heldBytes;
    private boolean inBundle;
    private long deliveredNowhere;

    /** Hears what became of a route's events. */
    interface Outcome {
        void delivered(long events);

        void parked();

        void refused(TimedEvent event, RefusedException cause);
    }

    Lane(
            RouteWriter route,
            Supplier<Courier> couriers,
            @Nullable ParkingLot lot,
            Outcome outcome,
            Retreat retreat,
            Allowance allowance) {
        this.route = route;
        this.couriers = couriers;
        this.lot = lot;
        this.outcome = outcome;
        this.retreat = retreat;
        this.allowance = allowance;
        this.courier = couriers.get();
        if (lot != null && lot.waiting(route.route()) > 0) {
            way = Way.PARKED;
        }
    }

    /** Begins to open the sink's client. */
    void open() {
        if (!route.writers().isNowhere()) {
            courier.open();
        }
    }

    /** Waits until the sink's client is open, or cannot be opened. */
    void awaitOpen(Duration atMost) throws InterruptedException {
        if (!route.writers().isNowhere()) {
            courier.awaitOpen(atMost);
        }
    }

    /** Whether the lane has had events since its bundle began. */
    boolean isInBundle() {
        return inBundle;
    }

    /** Takes an event on. */
    void take(Event event, Instant time) throws IOException, InterruptedException {
        if (!inBundle) {
            beginBundle();
        }
        if (route.writers().isNowhere()) {
            deliveredNowhere++;
        } else {
            take(new TimedEvent(event, time));
        }
    }

    private void take(TimedEvent event) throws IOException, InterruptedException {
        switch (way) {
            case TO_SINK -> send(event);
            case HELD -> hold(event);
            case PARKED -> park(event);
        }
    }

    private void beginBundle() {
        inBundle = true;
        if (way != Way.PARKED) {
            return;
        }
        long waiting = lot().waiting(route.route());
        retreat.look(lot().delivered(route.route()), waiting);
        if (retreat.mayEnd() && isReady()) {
            way = Way.HELD;
            if (waiting == 0) {
                rejoin();
            }
        }
    }

    /** Whether there is a client that is open, or one begins to be opened. */
    private boolean isReady() {
        if (courier.hasStopped() || courier.failure() != null) {
            courier = couriers.get();
        }
        courier.open();
        return courier.isOpen();
    }

    private void send(TimedEvent event) throws IOException, InterruptedException {
        courier.take(event);
        if (courier.isFull() && !isTaken(courier::awaitRoom)) {
            giveWay();
        }
    }

    private void hold(TimedEvent event) throws IOException, InterruptedException {
        held.add(event);
        heldBytes += Courier.sizeBytes(event.event());
        if (held.size() >= route.share().records() || heldBytes >= route.share().bytes()) {
            parkHeld();
        }
    }

    /** Before a bundle ends: what is held goes to the sink if nothing waits any more, or else is parked. */
    void endHold() throws IOException, InterruptedException {
        if (way != Way.HELD) {
            return;
        }
        if (allowance.wait(atMost -> lot().awaitNoneWaiting(route.route(), atMost))) {
            rejoin();
            for (TimedEvent event : takeHeld()) {
                take(event);
            }
        } else {
            parkHeld();
        }
    }

    /** Ends a bundle: what came is delivered, refused or parked. */
    void endBundle() throws IOException, InterruptedException {
        if (way == Way.TO_SINK && !isTaken(courier::awaitAnswers)) {
            giveWay();
        }
        settle();
        inBundle = false;
    }

    /** Waits for the sink, as long as the route may. */
    private boolean isTaken(Allowance.Waiting waiting) throws InterruptedException {
        return route.onSlow() == OnSlow.BLOCK ? waiting.until(AS_LONG_AS_IT_TAKES) : allowance.wait(waiting);
    }

    private void giveWay() throws IOException, InterruptedException {
        Throwable failure = courier.failure();
        if (route.onSlow() != OnSlow.PARK) {
            throw new IOException(
                    "sink of route " + route.route() + " must take its events"
                            + (failure == null ? " in the time that a bundle may wait, but did not" : ", but failed"),
                    failure);
        }
        List<TimedEvent> unanswered = courier.giveBack();
        settle();
        LOG.warn(
                "route {} is parked from now on, beginning with {} events: its sink {}",
                route.route(),
                unanswered.size(),
                failure == null ? "did not take them in the time that a bundle may wait" : "failed with " + failure);
        way = Way.PARKED;
        retreat.begin();
        for (TimedEvent event : unanswered) {
            park(event);
        }
    }

    private void rejoin() {
        way = Way.TO_SINK;
        retreat.end();
        LOG.info("route {} is parked no longer: everything that waited is delivered", route.route());
    }

    private void parkHeld() throws IOException, InterruptedException {
        way = Way.PARKED;
        retreat.begin();
        for (TimedEvent event : takeHeld()) {
            park(event);
        }
    }

    private List<TimedEvent> takeHeld() {
        List<TimedEvent> events = held;
        held = new ArrayList<>();
        heldBytes = 0;
        return events;
    }

    private void park(TimedEvent event) throws IOException, InterruptedException {
        try {
            lot().park(route.route(), event);
            outcome.parked();
        } catch (RefusedException e) {
            outcome.refused(event, e);
        }
    }

    private void settle() {
        outcome.delivered(deliveredNowhere + courier.takeDelivered());
        deliveredNowhere = 0;
        courier.takeRefused().forEach(refused -> outcome.refused(refused.event(), refused.cause()));
    }

    /** Ends the lane; what is not answered will come again. */
    void close() {
        courier.stop();
    }

    private ParkingLot lot() {
        return requireNonNull(lot, "lot");
    }
}
