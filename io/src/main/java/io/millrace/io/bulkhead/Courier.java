package io.millrace.io.bulkhead;

import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.Lease;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.TimedEvent;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a route's events to its sink, in their order, on another thread: whoever hands them over waits only as long as it wants to.
 *
 * <p>What gathers while a request is answered goes with the next one. After a failure, nothing more is written, and everything that is
 * not answered can be had back.
 */
final class Courier {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final int MAX_REQUEST_EVENTS = 1_000;

    private final EventWriter.Factory writers;
    private final InFlight share;
    private final ExecutorService threads;
    private final Lease lease;

    private final Deque<TimedEvent> waiting = new ArrayDeque<>();
    private List<TimedEvent> written = List.of();
    private long bytes;
    private long delivered;
    private List<Refused> refused = new ArrayList<>();
    private boolean opened;
    private boolean working;
    private @Nullable Thread worker;
    private @Nullable Throwable failure;
    private boolean stopped;
    private @Nullable EventWriter writer; // the worker's

    /** @param lease that of the task: a client that is opened anew has no longer one */
    Courier(EventWriter.Factory writers, InFlight share, ExecutorService threads, Lease lease) {
        this.writers = writers;
        this.share = share;
        this.threads = threads;
        this.lease = lease;
    }

    /** Opens the sink's client, so that an event need not wait for that. */
    synchronized void open() {
        if (!working && !opened && failure == null) {
            work();
        }
    }

    /** Whether the sink's client is open. */
    synchronized boolean isOpen() {
        return opened && failure == null;
    }

    /** Waits until the sink's client is open, or cannot be opened. */
    void awaitOpen(Duration atMost) throws InterruptedException {
        await(() -> opened, atMost);
    }

    /** Takes an event along. */
    synchronized void take(TimedEvent event) {
        waiting.add(event);
        bytes += sizeBytes(event.event());
        if (!working && failure == null) {
            work();
        }
    }

    private void work() {
        working = true;
        threads.execute(this::run);
    }

    /** Whether more is on its way than the route's share. */
    synchronized boolean isFull() {
        return waiting.size() + written.size() > share.records() || bytes > share.bytes();
    }

    /** Waits until there is room again, and says whether that came to be in time. */
    boolean awaitRoom(Duration atMost) throws InterruptedException {
        return await(() -> !isFull(), atMost);
    }

    /** Waits until everything is answered, and says whether that came to be in time. */
    boolean awaitAnswers(Duration atMost) throws InterruptedException {
        return await(() -> waiting.isEmpty() && written.isEmpty(), atMost);
    }

    private synchronized boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && failure == null) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return failure == null;
    }

    /** Why nothing more is written, if so. */
    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** How many events were delivered since this was last asked. */
    synchronized long takeDelivered() {
        long taken = delivered;
        delivered = 0;
        return taken;
    }

    /** What the sink refused since this was last asked. */
    synchronized List<Refused> takeRefused() {
        List<Refused> taken = refused;
        refused = new ArrayList<>();
        return taken;
    }

    /**
     * Gives back what is not answered, in its order; the sink may yet take some of it. Then the courier has stopped, unless its sink's
     * client is still being opened: that is not begun again.
     */
    synchronized List<TimedEvent> giveBack() {
        List<TimedEvent> unanswered = new ArrayList<>(written);
        unanswered.addAll(waiting);
        waiting.clear();
        written = List.of();
        bytes = 0;
        if (opened || failure != null) {
            stop();
        }
        return unanswered;
    }

    /** Stops; nothing more is written. */
    synchronized void stop() {
        stopped = true;
        if (worker != null) {
            worker.interrupt();
        } else if (!working) {
            threads.execute(this::closeWriter);
        }
    }

    synchronized boolean hasStopped() {
        return stopped;
    }

    private void run() {
        try {
            if (begins()) {
                EventWriter open = writer == null ? keep(writers.open()) : writer;
                for (List<TimedEvent> request = next(); !request.isEmpty(); request = next()) {
                    lease.check();
                    settle(request, open.write(request));
                }
            }
        } catch (Exception | Error e) {
            fail(e);
        }
        if (hasEnded()) {
            closeWriter(); // which may take its time, so nobody is to wait for it
        }
    }

    /** Whether there is anything to do; if so, this thread does it. */
    private synchronized boolean begins() {
        working = !stopped;
        worker = working ? Thread.currentThread() : null;
        return working;
    }

    private synchronized EventWriter keep(EventWriter opened) {
        writer = opened;
        this.opened = true;
        notifyAll();
        return opened;
    }

    private synchronized List<TimedEvent> next() {
        List<TimedEvent> request = new ArrayList<>();
        while (!stopped && !waiting.isEmpty() && request.size() < MAX_REQUEST_EVENTS) {
            request.add(waiting.remove());
        }
        written = request;
        working = !request.isEmpty();
        worker = working ? Thread.currentThread() : null;
        return request;
    }

    private synchronized void settle(List<TimedEvent> request, Map<Integer, RefusedException> refusals) {
        if (stopped) {
            return; // it was given back
        }
        request.forEach(event -> bytes -= sizeBytes(event.event()));
        refusals.forEach((position, cause) -> refused.add(new Refused(request.get(position), cause)));
        delivered += request.size() - refusals.size();
        written = List.of();
        notifyAll();
    }

    private synchronized void fail(Throwable cause) {
        failure = cause;
        working = false;
        worker = null;
        notifyAll();
    }

    private synchronized boolean hasEnded() {
        return !working && (stopped || failure != null);
    }

    private void closeWriter() {
        EventWriter open = takeWriter();
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("a sink's client could not be closed", e);
        }
    }

    private synchronized @Nullable EventWriter takeWriter() {
        EventWriter taken = writer;
        writer = null;
        return taken;
    }

    /** What an event takes of a share. */
    static long sizeBytes(Event event) {
        byte[] key = event.key();
        byte[] value = event.value();
        long size = (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        for (int position = 0; position < event.headers().size(); position++) {
            byte[] header = event.headers().value(position);
            size += event.headers().name(position).length() + (header == null ? 0 : header.length);
        }
        return size;
    }
}
