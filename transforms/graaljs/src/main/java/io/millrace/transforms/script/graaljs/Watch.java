package io.millrace.transforms.script.graaljs;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;
import org.jspecify.annotations.Nullable;

/** Interrupts what takes too much of the processor in a context, from a thread of its own; and closes the context if that is in vain. */
final class Watch {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Duration TO_BE_INTERRUPTED = Duration.ofMillis(100);
    private static final ScheduledThreadPoolExecutor WATCHING = watching();

    private final Context context;
    private final long thread = Thread.currentThread().getId();
    private final long limit;
    private final long start = THREADS.getCurrentThreadCpuTime();
    private boolean ended;
    private @Nullable Future<?> look;

    private Watch(Context context, Duration limit) {
        this.context = context;
        this.limit = limit.toNanos();
    }

    private static ScheduledThreadPoolExecutor watching() {
        ScheduledThreadPoolExecutor watching = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "graaljs-watch");
            made.setDaemon(true);
            return made;
        });
        watching.setRemoveOnCancelPolicy(true);
        return watching;
    }

    /** Watches what this thread does in a context from now on. */
    static Watch over(Context context, Duration limit) {
        Watch watch = new Watch(context, limit);
        watch.lookIn(watch.limit);
        return watch;
    }

    private synchronized void lookIn(long nanos) {
        look = WATCHING.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private synchronized void look() {
        if (ended) {
            return;
        }
        long left = limit - (THREADS.getThreadCpuTime(thread) - start);
        if (left > 0) {
            lookIn(left);
            return;
        }
        try {
            context.interrupt(TO_BE_INTERRUPTED);
        } catch (TimeoutException e) {
            context.close(true);
        }
    }

    /** Ends the watch; what comes now has time. */
    synchronized void end() {
        ended = true;
        if (look != null) {
            look.cancel(false);
        }
    }
}
