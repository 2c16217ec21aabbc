package io.millrace.transforms.enricher;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.millrace.transforms.rate.Permits;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls of a client: each waits for room and for its permit, has its time, and is tried again where that may help. A first call is made on the thread
 * that asks, others on threads of their own: the timer's must not be held up.
 */
final class Calls<KeyT, ValueT> {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final int CALLS_TO_FIND_OUT = 10;
    private static final int MOST_DOUBLINGS = 30;
    private static final Duration BETWEEN_WORDS = Duration.ofMinutes(1);
    private static final Duration LATE = Duration.ofMillis(250);
    private static final Duration NEVER_SLOW = Duration.ofDays(1);

    private final String name;
    private final LookupClient<KeyT, ValueT> client;
    private final CallSettings settings;
    private final Permits permits;
    private final ScheduledExecutorService timer;
    private final Executor callers;
    private final LookupCounts counts;
    private final Slots slots;
    private final Retry retry;
    private final Map<Object, CircuitBreaker> breakers = new ConcurrentHashMap<>();
    private volatile @Nullable Throwable lastFailure;
    private final AtomicLong nextToBeSaid = new AtomicLong(System.nanoTime());

    Calls(
            String name,
            LookupClient<KeyT, ValueT> client,
            CallSettings settings,
            Permits permits,
            ScheduledExecutorService timer,
            Executor callers,
            LookupCounts counts) {
        this.name = name;
        this.client = client;
        this.settings = settings;
        this.permits = permits;
        this.timer = timer;
        this.callers = callers;
        this.counts = counts;
        this.slots = new Slots(client.maxCalls(), callers);
        this.retry = Retry.of(name, retries());
    }

    private RetryConfig retries() {
        return RetryConfig.<Map<KeyT, ValueT>>custom()
                .maxAttempts(Integer.MAX_VALUE)
                .intervalBiFunction(this::waitMillis)
                .retryOnException(e -> !(e instanceof LookupRefusedException || e instanceof LookupGaveUpException))
                .build();
    }

    private CircuitBreakerConfig circuit() {
        return CircuitBreakerConfig.custom()
                .slidingWindow(settings.openOver(), settings.openOver(), SlidingWindowType.COUNT_BASED)
                .failureRateThreshold((float) (100 * settings.openShare()))
                .slowCallDurationThreshold(NEVER_SLOW) // a call that is too slow fails by its time limit
                .waitDurationInOpenState(settings.openFor())
                .automaticTransitionFromOpenToHalfOpenEnabled(true) // its state is asked for before a permit is taken
                .permittedNumberOfCallsInHalfOpenState(Math.min(CALLS_TO_FIND_OUT, settings.openOver()))
                .maxWaitDurationInHalfOpenState(settings.timeout().plus(settings.openFor()))
                .ignoreExceptions(
                        LookupRefusedException.class, LookupThrottledException.class, CancellationException.class)
                .build();
    }

    /** That of a place, which may be away alone. */
    private CircuitBreaker breaker(Object place) {
        return breakers.computeIfAbsent(place, absent -> {
            CircuitBreaker breaker = CircuitBreaker.of(place == client ? name : name + " at " + place, circuit());
            breaker.getEventPublisher().onStateTransition(this::say);
            return breaker;
        });
    }

    private void say(CircuitBreakerOnStateTransitionEvent event) {
        State state = event.getStateTransition().getToState();
        if (state == State.OPEN) {
            LOG.info(
                    "lookups of {} fail too often: nothing is asked for {} ms",
                    event.getCircuitBreakerName(),
                    settings.openFor().toMillis());
        } else {
            LOG.info("lookups of {}: {}", event.getCircuitBreakerName(), state);
        }
    }

    /** Twice as long each time, less up to half, so that not all of those who wait come back together. */
    private long waitMillis(int tries, Either<Throwable, Map<KeyT, ValueT>> failed) {
        if (failed.getLeft() instanceof LookupThrottledException throttled) {
            return Math.max(1, throttled.pause().toMillis());
        }
        long doubled = settings.firstBackoff().toMillis() << Math.min(tries - 1, MOST_DOUBLINGS);
        long most = doubled <= 0
                ? settings.longestBackoff().toMillis()
                : Math.min(doubled, settings.longestBackoff().toMillis());
        return Math.max(1, most - ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    /** Asks for keys of a place until there is an answer, or no hope of one; whoever cancels the future wants none any more. */
    CompletableFuture<Map<KeyT, ValueT>> call(Set<KeyT> keys) {
        Lookup lookup = new Lookup(keys);
        retry.executeCompletionStage(timer, lookup::tryOnce)
                .whenComplete((values, failure) -> Futures.complete(lookup.answer, values, failure));
        return lookup.answer;
    }

    /** One lookup, however often it is tried. */
    private final class Lookup {
        private final Set<KeyT> keys;
        private final CircuitBreaker breaker;
        private final CompletableFuture<Map<KeyT, ValueT>> answer = new CompletableFuture<>();
        private volatile @Nullable Throwable last;
        private volatile @Nullable Future<?> running;
        private volatile boolean hasBegun;
        private volatile int calls;

        Lookup(Set<KeyT> keys) {
            this.keys = keys;
            this.breaker = breaker(client.placeOf(keys.iterator().next()));
            answer.whenComplete((values, failure) -> stopRunning());
        }

        CompletionStage<Map<KeyT, ValueT>> tryOnce() {
            if (answer.isDone()) {
                return unwanted();
            }
            if (breaker.getState() == State.OPEN) {
                begin(); // a service that is down uses up the time of a lookup
                return CompletableFuture.failedFuture(
                        CallNotPermittedException.createCallNotPermittedException(breaker));
            }
            return (hasBegun ? onItsOwnThread() : attempt()).whenComplete((values, failure) -> {
                if (failure != null) {
                    failed(Futures.cause(failure));
                }
            });
        }

        /** Before its permit is taken: where no thread is free, permits of many would wait there, and be used at once. */
        private CompletionStage<Map<KeyT, ValueT>> onItsOwnThread() {
            return CompletableFuture.supplyAsync(this::attempt, callers).thenCompose(call -> call);
        }

        private CompletionStage<Map<KeyT, ValueT>> attempt() {
            return slots.take()
                    .thenCompose(taken ->
                            answer.isDone() ? unwanted() : permitted().thenCompose(permitted -> permittedCall()))
                    .whenComplete((values, failure) -> slots.giveBack());
        }

        private CompletionStage<Map<KeyT, ValueT>> permittedCall() {
            if (answer.isDone()) {
                return unwanted();
            }
            begin();
            return breaker.executeCompletionStage(this::ask);
        }

        private CompletionStage<Map<KeyT, ValueT>> unwanted() {
            return CompletableFuture.failedFuture(new LookupGaveUpException("nobody waits for it any more", null));
        }

        /** Its time is that of its calls: who waits for room or for a permit has not begun. */
        private void begin() {
            Duration giveUpAfter = settings.giveUpAfter();
            if (giveUpAfter != null && !hasBegun) {
                Future<?> end = after(giveUpAfter, () -> answer.completeExceptionally(gaveUp(giveUpAfter)));
                answer.whenComplete((values, failure) -> end.cancel(false));
            }
            hasBegun = true;
        }

        private LookupGaveUpException gaveUp(Duration after) {
            Throwable why = last == null ? lastFailure : last;
            return new LookupGaveUpException("no lookup worked within " + after.toMillis() + " ms" + because(why), why);
        }

        private String because(@Nullable Throwable why) {
            if (why == null) {
                return ", and its call has no answer yet";
            }
            return (why == last ? ", the last of which failed: " : ", and those of others failed, the last one: ")
                    + Futures.text(why);
        }

        private void failed(Throwable failure) {
            if (failure instanceof CallNotPermittedException || failure instanceof CancellationException) {
                return; // says nothing of what is wrong
            }
            last = failure;
            if (failure instanceof LookupRefusedException || failure instanceof LookupGaveUpException) {
                return;
            }
            lastFailure = failure;
            if (failure instanceof LookupThrottledException throttled) {
                counts.throttled.increment();
                permits.pause(throttled.pause());
            } else {
                sayThatItFails(failure);
            }
        }

        /** Nobody waits for it any more. */
        private void stopRunning() {
            Future<?> asked = running;
            if (asked != null) {
                asked.cancel(true);
            }
        }

        private CompletionStage<Map<KeyT, ValueT>> ask() {
            counts.calls.increment();
            if (++calls > 1) {
                counts.retries.increment();
            }
            CompletableFuture<Map<KeyT, ValueT>> asked = Futures.caught(() -> client.lookUp(keys));
            running = asked;
            if (answer.isDone()) {
                stopRunning();
            }
            return answered(asked).whenComplete((values, failure) -> {
                if (failure != null) {
                    counts.failures.increment();
                }
            });
        }
    }

    /** While lookups wait, this alone says what a person may have to do. */
    private void sayThatItFails(Throwable failure) {
        long now = System.nanoTime();
        long next = nextToBeSaid.get();
        if (now - next >= 0 && nextToBeSaid.compareAndSet(next, now + BETWEEN_WORDS.toNanos())) {
            LOG.warn("lookups of {} fail, and are tried again: {}", name, Futures.text(failure));
        }
    }

    /** Completes when a call may be made. Who is woken late gets another permit: those of many would come at once. */
    private CompletableFuture<Boolean> permitted() {
        long wait = permits.reserve();
        if (wait <= 0) {
            return CompletableFuture.completedFuture(true);
        }
        long due = System.nanoTime() + wait;
        CompletableFuture<Boolean> permitted = new CompletableFuture<>();
        timer.schedule(() -> callers.execute(() -> permitted.complete(true)), wait, TimeUnit.NANOSECONDS);
        return permitted.thenCompose(
                woken -> permits.isPaused() || System.nanoTime() - due > LATE.toNanos() ? permitted() : permitted);
    }

    private Future<?> after(Duration time, Runnable task) {
        return timer.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What was asked, within its time. */
    private CompletableFuture<Map<KeyT, ValueT>> answered(CompletableFuture<Map<KeyT, ValueT>> asked) {
        CompletableFuture<Map<KeyT, ValueT>> answer = new CompletableFuture<>();
        Future<?> end = after(settings.timeout(), () -> {
            answer.completeExceptionally(new TimeoutException(
                    "no answer within " + settings.timeout().toMillis() + " ms"));
            asked.cancel(true);
        });
        asked.whenComplete((values, failure) -> {
            end.cancel(false);
            if (failure == null && values == null) {
                answer.completeExceptionally(new IllegalStateException("a client must answer, but gave null"));
            } else {
                Futures.complete(answer, values, failure);
            }
        });
        return answer;
    }
}
