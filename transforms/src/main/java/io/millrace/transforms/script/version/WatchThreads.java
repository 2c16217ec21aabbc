package io.millrace.transforms.script.version;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a watch: one reads, one decides on what was read, one writes. The last two are there only while there is something to do.
 */
final class WatchThreads {
    private static final Duration BETWEEN_READS = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final ScheduledThreadPoolExecutor reads;
    private final ThreadPoolExecutor decisions;
    private final ThreadPoolExecutor words;

    WatchThreads(String name) {
        this.reads = new ScheduledThreadPoolExecutor(1, daemons(name + "-reads"));
        this.decisions = whileNeeded(daemons(name + "-decides"));
        this.words = whileNeeded(daemons(name + "-writes"));
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static ThreadPoolExecutor whileNeeded(ThreadFactory threads) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), threads);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    void read(Runnable read) {
        reads.scheduleWithFixedDelay(read, 0, BETWEEN_READS.toMillis(), TimeUnit.MILLISECONDS);
    }

    Executor decisions() {
        return decisions;
    }

    Executor words() {
        return words;
    }

    /** Lets what is under way come to its end, does this on the thread that reads, and ends. */
    void end(Runnable last) {
        reads.execute(() -> {
            try {
                last.run();
            } finally {
                decisions.execute(words::shutdown);
                decisions.shutdown();
            }
        });
        reads.shutdown();
    }
}
