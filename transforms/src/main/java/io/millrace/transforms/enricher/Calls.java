package io.millrace.transforms.enricher;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.millrace.transforms.rate.Permits;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls of a client: each waits for its permit, has its time, and is tried again where that may help. */
final class Calls<KeyT, ValueT> {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final double DOUBLED = 2;
    private static final double HALF = 0.5;
    private static final int CALLS_TO_FIND_OUT = 10;
    private static final Duration BETWEEN_WORDS = Duration.ofMinutes(1);

    private final String name;
    private final LookupClient<KeyT, ValueT> client;
    private final CallSettings settings;
    private final Permits permits;
    private final ScheduledExecutorService scheduler;
    private final LookupCounts counts;
    private final IntervalFunction backoff;
    private final Retry retry;
    private final CircuitBreaker breaker;
    private final AtomicLong nextToBeSaid = new AtomicLong(System.nanoTime());

    Calls(
            String name,
            LookupClient<KeyT, ValueT> client,
            CallSettings settings,
            Permits permits,
            ScheduledExecutorService scheduler,
            LookupCounts counts) {
        this.name = name;
        this.client = client;
        this.settings = settings;
        this.permits = permits;
        this.scheduler = scheduler;
        this.counts = counts;
        this.backoff = IntervalFunction.ofExponentialRandomBackoff(
                settings.firstBackoff().toMillis(),
                DOUBLED,
                HALF,
                settings.longestBackoff().toMillis());
        this.retry = Retry.of(name, retries());
        this.breaker = CircuitBreaker.of(name, circuit());
        breaker.getEventPublisher()
                .onStateTransition(event -> LOG.warn(
                        "lookups of {}: {}, after {} of {} calls failed",
                        name,
                        event.getStateTransition(),
                        breaker.getMetrics().getNumberOfFailedCalls(),
                        breaker.getMetrics().getNumberOfBufferedCalls()));
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
                .waitDurationInOpenState(settings.openFor())
                .permittedNumberOfCallsInHalfOpenState(Math.min(CALLS_TO_FIND_OUT, settings.openOver()))
                .ignoreExceptions(LookupRefusedException.class, LookupThrottledException.class)
                .build();
    }

    private long waitMillis(int tries, Either<Throwable, Map<KeyT, ValueT>> failed) {
        counts.retries.increment();
        return failed.getLeft() instanceof LookupThrottledException throttled
                ? Math.max(1, throttled.pause().toMillis())
                : backoff.apply(tries);
    }

    /** Asks for keys until there is an answer, or no hope of one. */
    CompletableFuture<Map<KeyT, ValueT>> call(Set<KeyT> keys) {
        CompletableFuture<Map<KeyT, ValueT>> answer = new CompletableFuture<>();
        AtomicReference<@Nullable Throwable> last = new AtomicReference<>();
        retry.executeCompletionStage(scheduler, () -> tryOnce(keys, answer, last))
                .whenComplete((values, failure) -> complete(answer, values, failure));
        Duration giveUpAfter = settings.giveUpAfter();
        if (giveUpAfter != null && !answer.isDone()) {
            Future<?> end = scheduler.schedule(
                    () -> answer.completeExceptionally(gaveUp(giveUpAfter, last.get())),
                    giveUpAfter.toMillis(),
                    TimeUnit.MILLISECONDS);
            answer.whenComplete((values, failure) -> end.cancel(false));
        }
        return answer;
    }

    private static LookupGaveUpException gaveUp(Duration after, @Nullable Throwable last) {
        return new LookupGaveUpException(
                "no lookup worked within " + after.toMillis() + " ms"
                        + (last == null ? "" : ", the last of which failed: " + Failures.text(last)),
                last);
    }

    private CompletionStage<Map<KeyT, ValueT>> tryOnce(
            Set<KeyT> keys, CompletableFuture<Map<KeyT, ValueT>> answer, AtomicReference<@Nullable Throwable> last) {
        if (answer.isDone()) {
            return CompletableFuture.failedFuture(new LookupGaveUpException("nobody waits for it any more", null));
        }
        return permitted()
                .thenCompose(permitted -> breaker.executeCompletionStage(() -> ask(keys)))
                .whenComplete((values, failure) -> {
                    if (failure != null) {
                        failed(Failures.cause(failure), last);
                    }
                });
    }

    private void failed(Throwable failure, AtomicReference<@Nullable Throwable> last) {
        last.set(failure);
        if (failure instanceof LookupThrottledException throttled) {
            counts.throttled.increment();
            permits.pause(throttled.pause());
        } else if (!(failure instanceof LookupRefusedException || failure instanceof CallNotPermittedException)) {
            sayThatItFails(failure);
        }
    }

    /** While lookups wait, this alone says what a person may have to do. */
    private void sayThatItFails(Throwable failure) {
        long now = System.nanoTime();
        long next = nextToBeSaid.get();
        if (now - next >= 0 && nextToBeSaid.compareAndSet(next, now + BETWEEN_WORDS.toNanos())) {
            LOG.warn("lookups of {} fail, and are tried again: {}", name, Failures.text(failure));
        }
    }

    /** Completes when a call may be made. */
    private CompletableFuture<Boolean> permitted() {
        long wait = permits.reserve();
        if (wait <= 0) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> permitted = new CompletableFuture<>();
        scheduler.schedule(() -> permitted.complete(true), wait, TimeUnit.NANOSECONDS);
        return permitted.thenCompose(due -> permits.isPaused() ? permitted() : permitted);
    }

    private CompletionStage<Map<KeyT, ValueT>> ask(Set<KeyT> keys) {
        counts.calls.increment();
        CompletableFuture<Map<KeyT, ValueT>> answer = new CompletableFuture<>();
        CompletionStage<Map<KeyT, ValueT>> asked = client.lookUp(keys);
        Future<?> end = scheduler.schedule(
                () -> {
                    answer.completeExceptionally(new TimeoutException(
                            "no answer within " + settings.timeout().toMillis() + " ms"));
                    asked.toCompletableFuture().cancel(true);
                },
                settings.timeout().toMillis(),
                TimeUnit.MILLISECONDS);
        asked.whenComplete((values, failure) -> {
            end.cancel(false);
            complete(answer, values, failure);
        });
        return answer.whenComplete((values, failure) -> {
            if (failure != null) {
                counts.failures.increment();
            }
        });
    }

    private static <T> void complete(CompletableFuture<T> future, T value, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(Failures.cause(failure));
        }
    }
}
