package io.millrace.pipelines;

import io.millrace.runnerprofiles.FlinkClusterException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits of commands between two looks at a cluster. */
final class Waiting {
    private Waiting() {}

    /** Waits for a time. */
    static void pause(Duration time) {
        try {
            if (new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkClusterException("interrupted; the same command goes on", e);
        }
    }
}
