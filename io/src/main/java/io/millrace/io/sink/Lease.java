package io.millrace.io.sink;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.millrace.transforms.event.SystemClock;
import java.io.Closeable;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The right of a task to write to its sink, which is lost for good when its process has stood still for {@link #LENGTH}: stopped by a signal, a long collection or its machine. For whoever
 * coordinates the job may have given the process up meanwhile, and begun the job again elsewhere, or as another; what the task still has in hand is then written by somebody else.
 *
 * <p>A task takes a lease when it opens, and asks it before what it sends takes effect. It fails where that is lost, and what begins it again, if it still is one of the job's, gives it a new one.
 * A process that is given up later than after {@link #LENGTH} without a sign, as Flink's after {@code heartbeat.timeout} (50 s unless set), thus writes nothing any more when that shows.
 *
 * <p><i>Time</i>: the process looks at its clocks every second: a gap between two looks is for how long it stood still. Both the clock that only goes on and that of the day are looked at, since the
 * first does not see a machine sleep. What was sent before the process stood still may arrive afterwards.
 *
 * <p>Source: C. Gray, D. Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency", SOSP 1989; here the holder measures its own silence in place of renewing by
 * messages. For many threads.
 */
public final class Lease implements Closeable {
    /** For how long a process may stand still. */
    public static final Duration LENGTH = Duration.ofSeconds(20);

    /** Each thread is of the group of whoever takes the lease: the group that took the first may be gone. */
    private static final ThreadFactory THREADS = new ThreadFactoryBuilder()
            .setThreadFactory(Thread::new)
            .setDaemon(true)
            .setNameFormat("millrace-lease")
            .build();

    private final LongSupplier nanos;
    private final LongSupplier millis;
    private final Runnable end;
    private volatile long lastNanos;
    private volatile long lastMillis;
    private volatile boolean lost;

    Lease(LongSupplier nanos, LongSupplier millis, Runnable end) {
        this.nanos = nanos;
        this.millis = millis;
        this.end = end;
        lastNanos = nanos.getAsLong();
        lastMillis = millis.getAsLong();
    }

    /** A lease of this process. Whoever takes it closes it, which ends the thread that looks at the clocks. */
    @SuppressWarnings("FutureReturnValueIgnored") // a look never fails
    public static Lease take() {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(THREADS);
        Lease lease = new Lease(System::nanoTime, SystemClock.utc()::millis, thread::shutdown);
        WeakReference<Lease> taken = new WeakReference<>(lease);
        thread.scheduleWithFixedDelay(() -> look(taken, thread), 1, 1, TimeUnit.SECONDS);
        return lease;
    }

    /** One that nobody has any more, and nobody has closed, ends too. */
    private static void look(WeakReference<Lease> taken, ScheduledExecutorService thread) {
        Lease lease = taken.get();
        if (lease == null) {
            thread.shutdown();
        } else {
            lease.look();
        }
    }

    /** Looks at the clocks: until the next look, the process has not stood still. */
    void look() {
        if (isOver()) {
            lost = true; // before the gap is forgotten
        }
        lastMillis = millis.getAsLong();
        lastNanos = nanos.getAsLong();
    }

    private boolean isOver() {
        return nanos.getAsLong() - lastNanos > LENGTH.toNanos() || millis.getAsLong() - lastMillis > LENGTH.toMillis();
    }

    /**
     * Asked before something is sent.
     *
     * @throws LeaseLostException if the lease is lost, and nothing must be sent
     */
    public void check() {
        if (isOver()) {
            lost = true;
        }
        if (lost) {
            throw new LeaseLostException();
        }
    }

    @Override
    public void close() {
        end.run();
    }

    /** A task must not write any more, since another may have taken its place. */
    public static final class LeaseLostException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        LeaseLostException() {
            super("this process stood still for more than " + LENGTH.toSeconds()
                    + " s, so what the task has in hand may be written by another: nothing more is sent, and the task is to begin again from"
                    + " its last checkpoint");
        }
    }
}
