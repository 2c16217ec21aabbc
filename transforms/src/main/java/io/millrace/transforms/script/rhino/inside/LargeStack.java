package io.millrace.transforms.script.rhino.inside;

import static com.google.common.base.Throwables.throwIfUnchecked;
import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Where a script is compiled: the compiler calls itself for each level of nesting, and how many levels fit must not depend on whose
 * thread it is and what is on its stack already.
 */
final class LargeStack {
    private static final long BYTES = 64L << 20;

    private LargeStack() {}

    /** Calls on a thread with a large stack, and waits. */
    static <T> T call(Callable<T> task) {
        FutureTask<T> result = new FutureTask<>(task);
        Thread thread = new Thread(null, result, "script-compiler", BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            return result.get();
        } catch (ExecutionException e) {
            throwIfUnchecked(requireNonNull(e.getCause()));
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a script was compiled", e);
        }
    }
}
