package io.millrace.transforms.script.graaljs;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Context;

/** Ends what runs too long in a context, from a thread of its own. */
final class Watch {
    private static final ScheduledThreadPoolExecutor THREAD = thread();

    private Watch() {}

    private static ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "graaljs-watch");
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
        return thread;
    }

    /** Closes the context after a time, unless that is cancelled before. */
    static Future<?> over(Context context, long nanos) {
        return THREAD.schedule(() -> context.close(true), nanos, TimeUnit.NANOSECONDS);
    }
}
