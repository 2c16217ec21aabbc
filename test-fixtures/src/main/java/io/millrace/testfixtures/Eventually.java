package io.millrace.testfixtures;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.hamcrest.Matcher;
import org.hamcrest.StringDescription;
import org.jspecify.annotations.Nullable;

/**
 * Waits until something that is looked at again and again is as expected, and answers what was seen then.
 *
 * <pre>{@code
 * eventually("records in plays", () -> broker.records("plays"), hasSize(3));
 * Eventually.within(Duration.ofMinutes(5)).until("the job runs", () -> jobIsRunning());
 * }</pre>
 *
 * <p><i>Time</i>: looks at once, then every 50 milliseconds, until the deadline: two minutes, where the test names
 * no other. The deadline is generous because it is only ever reached by a test that fails.
 *
 * <p><i>Fails</i>: with an {@link AssertionError} that says what was waited for, what was expected, and what was seen
 * last; an exception of the look counts as something seen, an {@link Error} that is no AssertionError is thrown at once.
 */
public final class Eventually {

    /** How long is waited where a test names no other time. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(2);

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final Duration deadline;

    private Eventually(Duration deadline) {
        this.deadline = deadline;
    }

    /** Waiting that gives up after {@code deadline}. */
    public static Eventually within(Duration deadline) {
        return new Eventually(deadline);
    }

    /** What {@code look} answered as soon as it matched {@code expected}, within the default deadline. */
    public static <T extends @Nullable Object> T eventually(
            String what, Callable<? extends T> look, Matcher<? super T> expected) {
        return within(DEFAULT_DEADLINE).see(what, look, expected);
    }

    /** Returns as soon as {@code condition} holds, within the default deadline. */
    public static void waitUntil(String what, Callable<Boolean> condition) {
        within(DEFAULT_DEADLINE).until(what, condition);
    }

    /** Returns as soon as {@code condition} holds. */
    public void until(String what, Callable<Boolean> condition) {
        see(what, condition, new IsTrue());
    }

    /** What {@code look} answered as soon as it matched {@code expected}. */
    public <T extends @Nullable Object> T see(String what, Callable<? extends T> look, Matcher<? super T> expected) {
        long start = System.nanoTime();
        Sight<T> sight = Sight.of(look);
        while (!sight.matches(expected)) {
            if (System.nanoTime() - start >= deadline.toNanos()) {
                throw sight.failure(what, expected, deadline);
            }
            Pause.nanos(PAUSE_NANOS);
            sight = Sight.of(look);
        }
        return sight.value();
    }

    /** One look: a value, or why there was none. */
    private record Sight<T extends @Nullable Object>(
            @Nullable T seen, @Nullable Throwable failure) {

        static <T extends @Nullable Object> Sight<T> of(Callable<? extends T> look) {
            try {
                return new Sight<>(look.call(), null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            } catch (Exception | AssertionError e) {
                return new Sight<>(null, e);
            }
        }

        boolean matches(Matcher<? super T> expected) {
            return failure == null && expected.matches(seen);
        }

        @SuppressWarnings("NullAway") // null only where T allows it, since a value that matched was seen
        T value() {
            return seen;
        }

        AssertionError failure(String what, Matcher<? super T> expected, Duration deadline) {
            StringDescription text = new StringDescription();
            text.appendText(what + ": not as expected after " + deadline + "\nExpected: ")
                    .appendDescriptionOf(expected)
                    .appendText("\n     but: ");
            if (failure == null) {
                expected.describeMismatch(seen, text);
            } else {
                text.appendText("threw " + failure);
            }
            return new AssertionError(text.toString(), failure);
        }
    }

    /** Parks a thread on a condition that nobody signals. */
    private static final class Pause {
        private static final Lock LOCK = new ReentrantLock();
        private static final Condition NEVER_SIGNALLED = LOCK.newCondition();

        static void nanos(long nanos) {
            LOCK.lock();
            try {
                long left = nanos;
                while (left > 0) {
                    left = NEVER_SIGNALLED.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(
                        "interrupted while waiting " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms", e);
            } finally {
                LOCK.unlock();
            }
        }
    }

    private static final class IsTrue extends org.hamcrest.TypeSafeMatcher<Boolean> {
        @Override
        protected boolean matchesSafely(Boolean held) {
            return held;
        }

        @Override
        public void describeTo(org.hamcrest.Description description) {
            description.appendText("to hold");
        }

        @Override
        protected void describeMismatchSafely(Boolean held, org.hamcrest.Description mismatch) {
            mismatch.appendText("did not hold");
        }
    }
}
