package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.enricher.Unenriched.Reason;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the elements of a task, of one bundle after the other. As many as are looked up at a time wait behind them: whose turn comes is
 * asked for at once, whatever the task's own thread is doing.
 */
final class LookupTask<InputT, KeyT, ValueT> {
    private final SerializableFunction<InputT, @Nullable KeyT> key;
    private final Lookups<KeyT, ValueT> lookups;
    private final int maxInFlight;
    private final Slots turns;
    private final InFlight<InputT, KeyT, ValueT> inFlight;
    private final Clock clock;
    private final Rest rest;

    LookupTask(
            SerializableFunction<InputT, @Nullable KeyT> key,
            Lookups<KeyT, ValueT> lookups,
            int maxInFlight,
            boolean inOrder,
            Clock clock,
            Rest rest) {
        this.key = key;
        this.lookups = lookups;
        this.maxInFlight = maxInFlight;
        this.turns = lookups.slots(maxInFlight);
        this.inFlight = new InFlight<>(2 * maxInFlight, inOrder);
        this.clock = clock;
        this.rest = rest;
    }

    /** Where elements leave to. */
    interface Out<InputT, ValueT> {
        void output(Settled<InputT, ValueT> settled, Instant time, BoundedWindow window);
    }

    LookupCounts counts() {
        return lookups.counts();
    }

    /** Begins a bundle; what was open of one that failed comes again. */
    void begin() {
        turns.forget();
        inFlight.clear().forEach(open -> open.answer().cancel(false));
    }

    /**
     * Takes an element, once there is room, and lets leave those that may. They are waited for as long as the task has rest to spend on it; but not
     * where some wait for their turn, since then there is no lack of elements.
     */
    void offer(InputT input, Instant time, BoundedWindow window, PaneInfo pane, Out<InputT, ValueT> out)
            throws InterruptedException {
        long since = rest.end();
        while (inFlight.isFull()) {
            settle(inFlight.take(), out);
        }
        inFlight.add(ask(input, time, window, pane));
        settleAnswered(out);
        if (rest.left(since) > 0 && inFlight.size() <= maxInFlight) {
            settleWaiting(since, out);
            rest.spend(since);
        }
        rest.begin();
    }

    private void settleWaiting(long since, Out<InputT, ValueT> out) throws InterruptedException {
        while (!inFlight.isEmpty() && rest.left(since) > 0) {
            Waiting<InputT, KeyT, ValueT> next = inFlight.poll(rest.left(since));
            if (next != null) {
                settle(next, out);
            }
        }
    }

    private void settleAnswered(Out<InputT, ValueT> out) throws InterruptedException {
        for (Waiting<InputT, KeyT, ValueT> next = inFlight.poll(); next != null; next = inFlight.poll()) {
            settle(next, out);
        }
    }

    /** Lets leave all that are left. */
    void finish(Out<InputT, ValueT> out) throws InterruptedException {
        while (!inFlight.isEmpty()) {
            settle(inFlight.take(), out);
        }
        rest.begin();
    }

    private Waiting<InputT, KeyT, ValueT> ask(InputT input, Instant time, BoundedWindow window, PaneInfo pane) {
        KeyT of = null;
        CompletableFuture<Answer<ValueT>> answer;
        try {
            of = key.apply(input);
            answer = of == null
                    ? CompletableFuture.failedFuture(new KeyFailedException("the element has no key"))
                    : inItsTurn(of, lookups::ask);
        } catch (KeyFailedException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return new Waiting<>(input, of, answer, time, window, pane);
    }

    /** Asks when there is room among those that are looked up; no more where the answer is cancelled. */
    private CompletableFuture<Answer<ValueT>> inItsTurn(
            KeyT of, Function<KeyT, CompletableFuture<Answer<ValueT>>> asking) {
        CompletableFuture<Answer<ValueT>> answer = new CompletableFuture<>();
        turns.take().thenRun(() -> {
            answer.whenComplete((value, failure) -> turns.giveBack());
            if (!answer.isDone()) {
                ask(of, asking, answer);
            }
        });
        return answer;
    }

    private void ask(
            KeyT of,
            Function<KeyT, CompletableFuture<Answer<ValueT>>> asking,
            CompletableFuture<Answer<ValueT>> answer) {
        CompletableFuture<Answer<ValueT>> asked = Futures.caught(() -> asking.apply(of));
        asked.whenComplete((value, failure) -> Futures.complete(answer, value, failure));
        answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                lookups.abandon(asked);
            }
        });
    }

    private void settle(Waiting<InputT, KeyT, ValueT> waiting, Out<InputT, ValueT> out) throws InterruptedException {
        Waiting<InputT, KeyT, ValueT> last = waiting;
        Settled<InputT, ValueT> settled = settled(last);
        while (settled == null) {
            Answer<ValueT> stale = last.answer().join();
            last = last.again(inItsTurn(requireNonNull(last.key()), key -> lookups.askAnew(key, stale)));
            last.await();
            settled = settled(last);
        }
        rest.begin(); // another step of this thread may have elements to look up, too
        out.output(settled, last.time(), last.window());
    }

    /** What becomes of an element; null where its answer became too old while it waited for others. */
    private @Nullable Settled<InputT, ValueT> settled(Waiting<InputT, KeyT, ValueT> waiting) {
        return waiting.answer()
                .handle((answer, failure) ->
                        failure == null ? enriched(waiting, answer) : failed(waiting, Futures.cause(failure)))
                .join();
    }

    private @Nullable Settled<InputT, ValueT> enriched(Waiting<InputT, KeyT, ValueT> waiting, Answer<ValueT> answer) {
        Duration age = answer.ageAt(clock.instant());
        return lookups.isFresh(answer, age)
                ? new Settled<>(
                        new Enriched<>(waiting.input(), answer.value(), answer.obtainedAt(), age, answer.from()),
                        null,
                        waiting.pane())
                : null;
    }

    private Settled<InputT, ValueT> failed(Waiting<InputT, KeyT, ValueT> waiting, Throwable failure) {
        Reason reason = reason(failure);
        return new Settled<>(null, new Unenriched<>(waiting.input(), reason, Futures.text(failure)), waiting.pane());
    }

    private static Reason reason(Throwable failure) {
        if (failure instanceof KeyFailedException) {
            return Reason.KEY_FAILED;
        }
        if (failure instanceof LookupRefusedException) {
            return Reason.REFUSED;
        }
        if (failure instanceof LookupGaveUpException) {
            return Reason.GAVE_UP;
        }
        throw new IllegalStateException("a lookup failed in a way that it may not: " + failure, failure);
    }
}
