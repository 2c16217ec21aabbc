package io.millrace.io.objects;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of a step to write, each under a key: either made where they are asked for, or on another thread, where the step waits
 * half a second a bundle at most, and asks again later for what was not done by then.
 *
 * <p>On the other thread there is one at a time, since what it writes is in memory. An attempt that fails there is made again when it is
 * asked for again. After one that failed or took too long the step does not wait, nor begin more than one a bundle, until one succeeds.
 *
 * <p>For one thread.
 */
final class Attempts<K, T> {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final String route;
    private final @Nullable ExecutorService thread;
    private final Duration patience;
    private final Map<K, Future<T>> begun = new HashMap<>();
    private @Nullable Future<T> latest;
    private boolean isAway;
    private boolean beganInBundle;
    private long patienceNanos;

    private Attempts(String route, @Nullable ExecutorService thread, Duration patience) {
        this.route = route;
        this.thread = thread;
        this.patience = patience;
        this.patienceNanos = patience.toNanos();
    }

    /** One attempt to write. */
    interface Write<T> {
        /** Writes, and gives what came of it. */
        T make() throws IOException;
    }

    /** Attempts for which the step waits. */
    static <K, T> Attempts<K, T> madeAtOnce(String route) {
        return new Attempts<>(route, null, PATIENCE);
    }

    /** Attempts on another thread, which {@link #close} ends. */
    static <K, T> Attempts<K, T> onAnotherThread(String route) {
        return onAnotherThread(route, PATIENCE);
    }

    /** The same, for a step that waits so long a bundle. */
    static <K, T> Attempts<K, T> onAnotherThread(String route, Duration patience) {
        return new Attempts<>(
                route,
                Executors.newSingleThreadExecutor(new ThreadFactoryBuilder()
                        .setDaemon(true)
                        .setNameFormat("millrace-objects-of-" + route)
                        .build()),
                patience);
    }

    /** Another bundle may wait again. */
    void beginBundle() {
        patienceNanos = patience.toNanos();
        beganInBundle = false;
    }

    /** Whether an attempt was begun of which nothing is known yet. */
    boolean isUnderWay(K key) {
        return begun.containsKey(key);
    }

    /**
     * Makes an attempt, unless one is under way, and gives what came of it; nothing where that is not known yet, or it failed.
     *
     * @param preparation gives the attempt; called where one is begun
     * @throws OutrankedException if another attempt is of no use
     */
    Optional<T> attempt(K key, Supplier<Write<T>> preparation) throws IOException {
        if (thread == null) {
            return Optional.of(finish(key, preparation));
        }
        Future<T> attempt = begun.get(key);
        if (attempt == null) {
            if (!mayBegin()) {
                return Optional.empty();
            }
            attempt = begin(thread, key, preparation.get());
        }
        return isDone(attempt) ? taken(key, attempt) : Optional.empty();
    }

    /** Waits for the attempt that is under way, and makes one more, here, where that failed or there was none. */
    T finish(K key, Supplier<Write<T>> preparation) throws IOException {
        Future<T> attempt = begun.get(key);
        Optional<T> result = attempt == null ? Optional.empty() : taken(key, attempt);
        if (result.isPresent()) {
            return result.get();
        }
        awaitLatest();
        return preparation.get().make();
    }

    private boolean mayBegin() {
        return (latest == null || latest.isDone()) && !(isAway && beganInBundle);
    }

    private Future<T> begin(ExecutorService thread, K key, Write<T> write) {
        Future<T> attempt = thread.submit(() -> {
            try {
                return write.make();
            } catch (IOException | RuntimeException e) {
                LOG.warn("route {} keeps what it has to write, and tries again: {}", route, String.valueOf(e));
                throw e;
            }
        });
        begun.put(key, attempt);
        latest = attempt;
        beganInBundle = true;
        return attempt;
    }

    private boolean isDone(Future<T> attempt) throws IOException {
        long begin = System.nanoTime();
        try {
            attempt.get(isAway ? 0 : patienceNanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            return true; // with a failure
        } catch (TimeoutException e) {
            isAway = true;
            return false;
        } catch (InterruptedException e) {
            throw interrupted();
        }
        patienceNanos = Math.max(0, patienceNanos - (System.nanoTime() - begin));
        return true;
    }

    /** The result of an attempt, which is waited for; nothing where it failed. */
    private Optional<T> taken(K key, Future<T> attempt) throws IOException {
        try {
            T result = attempt.get();
            begun.remove(key);
            isAway = false;
            return Optional.of(result);
        } catch (ExecutionException e) {
            begun.remove(key);
            isAway = true;
            Throwable cause = requireNonNull(e.getCause());
            Throwables.throwIfInstanceOf(cause, OutrankedException.class);
            Throwables.throwIfInstanceOf(cause, Error.class);
            return Optional.empty();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void awaitLatest() throws IOException {
        try {
            if (latest != null) {
                latest.get();
            }
        } catch (ExecutionException e) {
            return; // whoever asked for it hears of it
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the sink of route " + route);
    }

    /**
     * Gives up what is under way, and waits until it is: it must not replace what the step writes when it has begun again from a
     * checkpoint.
     */
    void close() {
        if (thread == null) {
            return;
        }
        do {
            thread.shutdownNow(); // interrupts it again, where it took no notice
        } while (!Uninterruptibles.awaitTerminationUninterruptibly(thread, Duration.ofSeconds(1)));
    }
}
