package io.millrace.transforms.enricher;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.enricher.Enriched.From;
import io.millrace.transforms.event.SystemClock;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Test;

public class LookupsTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final CallSettings QUICK =
            CallSettings.DEFAULT.withBackoff(Duration.ofMillis(1), Duration.ofMillis(5));

    /** Longer than any test takes: what is a batch does not depend on how quick a machine is. */
    private static final Duration FULL_BATCHES = Duration.ofMinutes(5);

    private final List<Lookups<String, String>> opened = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();

    @After
    public void close() {
        opened.forEach(Lookups::close);
    }

    private Lookups<String, String> lookups(AnsweringService service, CallSettings calls, CacheSettings cache) {
        LookupSettings<String, String> settings = new LookupSettings<>(
                service.name(), service.name(), service, calls, Double.POSITIVE_INFINITY, cache, 1, true);
        Lookups<String, String> lookups =
                new Lookups<>(settings, Clock.fixed(NOON, ZoneOffset.UTC), nanos::get, FULL_BATCHES);
        opened.add(lookups);
        return lookups;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(1, TimeUnit.MINUTES);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return Futures.cause(assertThrows(ExecutionException.class, () -> get(future)));
    }

    @Test
    public void anAnswerSaysWhenItWasObtained() throws Exception {
        Lookups<String, String> lookups = lookups(AnsweringService.ofKeys(key -> key + "!"), QUICK, null);

        assertThat(get(lookups.ask("a")), is(new Answer<>("a!", NOON, From.CALL)));
    }

    @Test
    public void nothingIsAnAnswer() throws Exception {
        Lookups<String, String> lookups = lookups(AnsweringService.ofKeys(key -> null), QUICK, null);

        assertThat(get(lookups.ask("a")).value(), is(nullValue()));
    }

    @Test
    public void aCallThatFailsIsTriedAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        AnsweringService service = AnsweringService.of(keys -> tries.incrementAndGet() < 4
                ? CompletableFuture.failedFuture(new IOException("connection reset"))
                : CompletableFuture.completedFuture(Map.of("a", "at last")));
        Lookups<String, String> lookups = lookups(service, QUICK, null);

        assertThat(get(lookups.ask("a")).value(), is("at last"));
        assertThat(lookups.counts().calls.sum(), is(4L));
        assertThat(lookups.counts().retries.sum(), is(3L));
        assertThat(lookups.counts().failures.sum(), is(3L));
    }

    @Test
    public void aClientThatThrowsIsTriedAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        AnsweringService service = AnsweringService.ofKeys(key -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
            }
            return "now";
        });

        assertThat(get(lookups(service, QUICK, null).ask("a")).value(), is("now"));
    }

    @Test
    public void errorsOfAClientLeaveTheServiceToBeTriedAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        AnsweringService service = AnsweringService.ofKeys(key -> {
            if (tries.incrementAndGet() <= 10) {
                throw new StackOverflowError();
            }
            return "now";
        });
        CallSettings calls = QUICK.withCircuitBreaker(0.5, 2, Duration.ofMillis(10));

        assertThat(get(lookups(service, calls, null).ask("a")).value(), is("now"));
    }

    @Test
    public void aClientThatAnswersNullIsTriedAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        AnsweringService service = AnsweringService.of(keys ->
                CompletableFuture.completedFuture(tries.incrementAndGet() == 1 ? null : Map.of("a", "a!", "b", "b!")));
        Lookups<String, String> lookups = lookups(service.withMaxBatch(2), QUICK, null);

        CompletableFuture<Answer<String>> first = lookups.ask("a");
        CompletableFuture<Answer<String>> second = lookups.ask("b");

        assertThat(List.of(get(first).value(), get(second).value()), contains("a!", "b!"));
        assertThat(service.calls().size(), is(2));
    }

    @Test
    public void whoWaitsForAThreadOfABlockingClientIsNotTooLate() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        LookupClient.Provider<String, String> provider = () -> BlockingLookup.of(
                keys -> {
                    calls.incrementAndGet();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(600));
                    return Map.of(keys.iterator().next(), "value");
                },
                1);
        LookupSettings<String, String> settings = new LookupSettings<>(
                "blocking",
                "blocking",
                provider,
                QUICK.withTimeout(Duration.ofSeconds(4)),
                Double.POSITIVE_INFINITY,
                null,
                10,
                true);
        Lookups<String, String> lookups = new Lookups<>(settings, SystemClock.utc(), System::nanoTime);
        opened.add(lookups);

        List<CompletableFuture<Answer<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(lookups.ask("k" + i));
        }
        for (CompletableFuture<Answer<String>> answer : answers) {
            assertThat(get(answer).value(), is("value"));
        }
        assertThat(calls.get(), is(8));
    }

    @Test
    public void aLookupThatIsRefusedFailsAtOnce() {
        AnsweringService service = AnsweringService.ofKeys(key -> {
            throw new LookupRefusedException("no such profile format");
        });

        Throwable failure = failure(lookups(service, QUICK, null).ask("a"));

        assertThat(failure, is(instanceOf(LookupRefusedException.class)));
        assertThat(failure.getMessage(), is("no such profile format"));
        assertThat(service.calls(), contains(Set.of("a")));
    }

    @Test
    public void aLookupIsGivenUpAfterItsTime() {
        AnsweringService service =
                AnsweringService.of(keys -> CompletableFuture.failedFuture(new IOException("connection refused")));

        Throwable failure = failure(lookups(service, QUICK.withGiveUpAfter(Duration.ofSeconds(2)), null)
                .ask("a"));

        assertThat(failure, is(instanceOf(LookupGaveUpException.class)));
        assertThat(
                failure.getMessage(),
                is("no lookup worked within 2000 ms, the last of which failed: connection refused"));
    }

    @Test
    public void aLookupIsGivenUpWhileItsFirstCallHasNoAnswerYet() {
        AnsweringService service = AnsweringService.of(keys -> new CompletableFuture<>());

        Throwable failure = failure(lookups(service, QUICK.withGiveUpAfter(Duration.ofMillis(200)), null)
                .ask("a"));

        assertThat(failure.getMessage(), is("no lookup worked within 200 ms, and its call has no answer yet"));
    }

    @Test
    public void aCallThatIsNotAnsweredCountsAsFailedAndIsCancelled() {
        List<CompletableFuture<Map<String, String>>> hanging = new ArrayList<>();
        AnsweringService service = AnsweringService.of(keys -> {
            CompletableFuture<Map<String, String>> never = new CompletableFuture<>();
            hanging.add(never);
            return never;
        });
        CallSettings calls = QUICK.withTimeout(Duration.ofMillis(20)).withGiveUpAfter(Duration.ofSeconds(2));

        Throwable failure = failure(lookups(service, calls, null).ask("a"));

        assertThat(
                failure.getMessage(),
                is("no lookup worked within 2000 ms, the last of which failed: no answer within 20 ms"));
        assertThat(failure.getCause(), is(instanceOf(TimeoutException.class)));
        assertThat(hanging.get(0).isCancelled(), is(true));
    }

    @Test
    public void aServiceThatIsDownIsNotAskedForAWhile() {
        AnsweringService service =
                AnsweringService.of(keys -> CompletableFuture.failedFuture(new IOException("connection refused")));
        CallSettings calls =
                QUICK.withCircuitBreaker(0.5, 10, Duration.ofMinutes(1)).withGiveUpAfter(Duration.ofSeconds(3));

        Throwable failure = failure(lookups(service, calls, null).ask("a"));

        assertThat(
                failure.getMessage(),
                is("no lookup worked within 3000 ms, the last of which failed: connection refused"));
        assertThat(service.calls().size(), is(10));
    }

    @Test
    public void whoIsNotLetThroughToAServiceThatIsDownIsGivenUpInTime() {
        AnsweringService service =
                AnsweringService.of(keys -> CompletableFuture.failedFuture(new IOException("connection refused")));
        CallSettings calls =
                QUICK.withCircuitBreaker(0.5, 2, Duration.ofMinutes(1)).withGiveUpAfter(Duration.ofSeconds(2));
        Lookups<String, String> lookups = lookups(service, calls, null);

        failure(lookups.ask("a")); // finds out
        assertThat(
                failure(lookups.ask("b")).getMessage(),
                is("no lookup worked within 2000 ms, and those of others failed, the last one: connection refused"));
        assertThat(service.calls(), contains(Set.of("a"), Set.of("a")));
    }

    @Test
    public void aServiceThatAsksForAPauseIsLeftAloneByAll() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        List<Long> at = new ArrayList<>();
        AnsweringService service = AnsweringService.ofKeys(key -> {
            at.add(System.nanoTime());
            if (calls.incrementAndGet() == 1) {
                throw new LookupThrottledException("429", Duration.ofMillis(300));
            }
            return key;
        });
        LookupSettings<String, String> settings = new LookupSettings<>(
                service.name(), service.name(), service, QUICK, Double.POSITIVE_INFINITY, null, 1, true);
        Lookups<String, String> lookups = new Lookups<>(settings, SystemClock.utc(), System::nanoTime);
        opened.add(lookups);

        CompletableFuture<Answer<String>> first = lookups.ask("a");
        CompletableFuture<Answer<String>> second = lookups.ask("b");

        assertThat(List.of(get(first).value(), get(second).value()), contains("a", "b"));
        assertThat(at.get(1) - at.get(0), is(greaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(299))));
        assertThat(lookups.counts().throttled.sum(), is(1L));
    }

    @Test
    public void keysThatAreAskedForTogetherAreOneCall() throws Exception {
        AnsweringService service = AnsweringService.ofKeys(key -> key.equals("none") ? null : key + "!");
        Lookups<String, String> lookups = lookups(service.withMaxBatch(3), QUICK, null);

        List<CompletableFuture<Answer<String>>> answers =
                List.of(lookups.ask("a"), lookups.ask("none"), lookups.ask("a"), lookups.ask("c"), lookups.ask("d"));
        lookups.ask("e");
        lookups.ask("f");

        List<String> values = new ArrayList<>();
        for (CompletableFuture<Answer<String>> answer : answers) {
            values.add(get(answer).value());
        }
        assertThat(values, contains("a!", null, "a!", "c!", "d!"));
        assertThat(service.calls(), containsInAnyOrder(Set.of("a", "none", "c"), Set.of("d", "e", "f")));
    }

    @Test
    public void whoGivesUpAKeyOfABatchTakesItFromNobody() throws Exception {
        CompletableFuture<Map<String, String>> call = new CompletableFuture<>();
        Lookups<String, String> lookups =
                lookups(AnsweringService.of(keys -> call).withMaxBatch(2), QUICK, null);

        CompletableFuture<Answer<String>> one = lookups.ask("a");
        CompletableFuture<Answer<String>> other = lookups.ask("a");
        CompletableFuture<Answer<String>> last = lookups.ask("b");
        lookups.abandon(one);
        lookups.abandon(last);
        call.complete(Map.of("a", "a!"));

        assertThat(get(other).value(), is("a!"));
    }

    @Test
    public void aBatchThatNobodyWaitsForIsNotTriedAgain() throws Exception {
        BlockingQueue<CompletableFuture<Map<String, String>>> open = new LinkedBlockingQueue<>();
        AnsweringService service = AnsweringService.of(keys -> {
            CompletableFuture<Map<String, String>> call = new CompletableFuture<>();
            open.add(call);
            return call;
        });
        Lookups<String, String> lookups = lookups(service.withMaxBatch(2), QUICK, null);

        CompletableFuture<Answer<String>> one = lookups.ask("a");
        CompletableFuture<Answer<String>> other = lookups.ask("b");
        CompletableFuture<Map<String, String>> first = requireNonNull(open.poll(1, TimeUnit.MINUTES));
        lookups.abandon(one);
        lookups.abandon(other);
        first.completeExceptionally(new IOException("connection reset"));
        CompletableFuture<Answer<String>> later = lookups.ask("c");
        lookups.ask("d");
        requireNonNull(open.poll(1, TimeUnit.MINUTES)).completeExceptionally(new IOException("connection reset"));
        requireNonNull(open.poll(1, TimeUnit.MINUTES)).complete(Map.of("c", "c!")); // after the others would have been

        assertThat(get(later).value(), is("c!"));
        assertThat(service.calls(), contains(Set.of("a", "b"), Set.of("c", "d"), Set.of("c", "d")));
    }

    @Test
    public void aBatchDoesNotWaitForLongToBeFull() throws Exception {
        AnsweringService service = AnsweringService.ofKeys(key -> key + "!");
        LookupSettings<String, String> settings = new LookupSettings<>(
                service.name(),
                service.name(),
                service.withMaxBatch(100),
                QUICK,
                Double.POSITIVE_INFINITY,
                null,
                1,
                true);
        Lookups<String, String> lookups = new Lookups<>(settings, SystemClock.utc(), System::nanoTime);
        opened.add(lookups);

        assertThat(get(lookups.ask("a")).value(), is("a!"));
    }

    @Test
    public void aBatchThatIsRefusedIsAskedForKeyByKey() throws Exception {
        AnsweringService service = AnsweringService.ofKeys(key -> {
            if (key.equals("poison")) {
                throw new LookupRefusedException("poison");
            }
            return key + "!";
        });
        Lookups<String, String> lookups = lookups(service.withMaxBatch(3), QUICK, null);

        CompletableFuture<Answer<String>> first = lookups.ask("a");
        CompletableFuture<Answer<String>> poison = lookups.ask("poison");
        CompletableFuture<Answer<String>> last = lookups.ask("b");

        assertThat(List.of(get(first).value(), get(last).value()), contains("a!", "b!"));
        assertThat(failure(poison).getMessage(), is("poison"));
        assertThat(
                service.calls(),
                containsInAnyOrder(Set.of("a", "poison", "b"), Set.of("a"), Set.of("poison"), Set.of("b")));
    }

    @Test
    public void whatIsKeptIsUsedUntilItIsTooOld() throws Exception {
        AnsweringService service = AnsweringService.ofKeys(key -> key + "!");
        Lookups<String, String> lookups = lookups(service, QUICK, CacheSettings.of(10, Duration.ofSeconds(10)));

        assertThat(get(lookups.ask("a")).from(), is(From.CALL));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10) - 1);
        assertThat(get(lookups.ask("a")).from(), is(From.CACHE));
        nanos.addAndGet(1);
        assertThat(get(lookups.ask("a")).from(), is(From.CALL));
        assertThat(service.calls(), contains(Set.of("a"), Set.of("a")));
        assertThat(lookups.counts().cacheHits.sum(), is(1L));
    }

    @Test
    public void missesAreKeptForATimeOfTheirOwn() throws Exception {
        AnsweringService service = AnsweringService.ofKeys(key -> null);
        Lookups<String, String> lookups = lookups(
                service, QUICK, CacheSettings.of(10, Duration.ofSeconds(10)).withMaxAgeOfMisses(Duration.ofSeconds(1)));

        get(lookups.ask("a"));
        get(lookups.ask("a"));
        assertThat(service.calls().size(), is(1));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        get(lookups.ask("a"));
        assertThat(service.calls().size(), is(2));
    }

    @Test
    public void theFirstOfThoseWhoAskForAKeyAsksForAll() throws Exception {
        CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();
        AnsweringService service = AnsweringService.of(keys -> answer);
        Lookups<String, String> lookups = lookups(service, QUICK, CacheSettings.of(10, Duration.ofSeconds(10)));

        CompletableFuture<Answer<String>> first = lookups.ask("a");
        CompletableFuture<Answer<String>> second = lookups.ask("a");
        answer.complete(Map.of("a", "one answer"));

        assertThat(get(first), is(new Answer<>("one answer", NOON, From.CALL)));
        assertThat(get(second), is(get(first)));
        assertThat(service.calls().size(), is(1));
    }

    @Test
    public void oneCallMayAnswerManyKeysThatAreKept() throws Exception {
        AnsweringService service = AnsweringService.ofKeys(key -> key + "!");
        Lookups<String, String> lookups =
                lookups(service.withMaxBatch(100), QUICK, CacheSettings.of(1_000, Duration.ofSeconds(10)));

        List<CompletableFuture<Answer<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(lookups.ask("k" + i));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(get(answers.get(i)).value(), is("k" + i + "!"));
        }
        assertThat(get(lookups.ask("k7")).from(), is(From.CACHE));
    }

    @Test
    public void aFailureIsNotKept() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        AnsweringService service = AnsweringService.ofKeys(key -> {
            if (tries.incrementAndGet() == 1) {
                throw new LookupRefusedException("not this time");
            }
            return "value";
        });
        Lookups<String, String> lookups = lookups(service, QUICK, CacheSettings.of(10, Duration.ofSeconds(10)));

        assertThat(failure(lookups.ask("a")).getMessage(), is("not this time"));
        assertThat(get(lookups.ask("a")).value(), is("value"));
    }

    @Test
    public void aValueIsRefreshedWhileItIsUsed() throws Exception {
        BlockingQueue<CompletableFuture<Map<String, String>>> open = new LinkedBlockingQueue<>();
        AnsweringService service = AnsweringService.of(keys -> {
            CompletableFuture<Map<String, String>> call = new CompletableFuture<>();
            open.add(call);
            return call;
        });
        Lookups<String, String> lookups = lookups(
                service, QUICK, CacheSettings.of(10, Duration.ofSeconds(10)).withRefreshAfter(Duration.ofSeconds(5)));

        CompletableFuture<Answer<String>> first = lookups.ask("a");
        open.remove().complete(Map.of("a", "old"));
        assertThat(get(first).value(), is("old"));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
        assertThat(get(lookups.ask("a")).value(), is("old"));
        assertThat(get(lookups.ask("a")).value(), is("old"));
        CompletableFuture<Map<String, String>> refresh = requireNonNull(open.poll(1, TimeUnit.MINUTES));
        refresh.complete(Map.of("a", "new"));
        eventually("what is kept", () -> get(lookups.ask("a")), is(new Answer<>("new", NOON, From.CACHE)));
        assertThat(service.calls().size(), is(2));
    }

    @Test
    public void aRefreshThatFailsKeepsTheValueForTheRestOfItsTime() throws Exception {
        AnsweringService service = failingAtSecondCall();
        Lookups<String, String> lookups = lookups(
                service, QUICK, CacheSettings.of(10, Duration.ofSeconds(10)).withRefreshAfter(Duration.ofSeconds(5)));

        get(lookups.ask("a"));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
        assertThat(get(lookups.ask("a")).value(), is("a1"));
        awaitCalls(service, 2);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(4));
        assertThat(get(lookups.ask("a")).value(), is("a3"));
    }

    @Test
    public void aRefreshThatFailsIsLeftAloneForAWhile() throws Exception {
        AnsweringService service = failingAtSecondCall();
        Lookups<String, String> lookups = lookups(
                service, QUICK, CacheSettings.of(10, Duration.ofMinutes(10)).withRefreshAfter(Duration.ofSeconds(5)));

        get(lookups.ask("a"));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
        get(lookups.ask("a"));
        awaitCalls(service, 2);
        for (int i = 0; i < 1_000; i++) {
            assertThat(get(lookups.ask("a")).value(), is("a1"));
        }
        assertThat(service.calls().size(), is(2));
        eventually(
                "what is kept",
                () -> {
                    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5)); // again, where the failure has only now arrived
                    return get(lookups.ask("a")).value();
                },
                is("a3"));
    }

    private static AnsweringService failingAtSecondCall() {
        AtomicInteger tries = new AtomicInteger();
        return AnsweringService.ofKeys(key -> {
            if (tries.incrementAndGet() == 2) {
                throw new LookupRefusedException("not now");
            }
            return key + tries;
        });
    }

    private static void awaitCalls(AnsweringService service, int calls) {
        eventually("calls", () -> service.calls().size(), is(calls));
    }

    @Test
    public void whoWaitsForAPermitIsNotGivenUp() throws Exception {
        AnsweringService service = AnsweringService.ofKeys(key -> key);
        LookupSettings<String, String> settings = new LookupSettings<>(
                service.name(),
                service.name(),
                service,
                QUICK.withGiveUpAfter(Duration.ofSeconds(2)),
                2,
                null,
                1,
                true);
        Lookups<String, String> lookups = new Lookups<>(settings, SystemClock.utc(), System::nanoTime);
        opened.add(lookups);
        lookups.permits().addShare(1);

        List<CompletableFuture<Answer<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(lookups.ask("k" + i));
        }
        for (int i = 0; i < 8; i++) {
            assertThat(get(answers.get(i)).value(), is("k" + i));
        }
    }

    @Test
    public void whatNobodyWaitsForIsNotTriedAgain() throws Exception {
        CompletableFuture<Map<String, String>> call = new CompletableFuture<>();
        AtomicInteger tries = new AtomicInteger();
        AnsweringService service = AnsweringService.of(keys -> {
            if (keys.contains("a")) {
                return call;
            }
            return tries.incrementAndGet() == 1
                    ? CompletableFuture.failedFuture(new IOException("connection reset"))
                    : CompletableFuture.completedFuture(Map.of("b", "later"));
        });
        Lookups<String, String> lookups = lookups(service, QUICK, null);

        CompletableFuture<Answer<String>> abandoned = lookups.ask("a");
        lookups.abandon(abandoned);
        call.completeExceptionally(new IOException("connection reset"));
        assertThat(get(lookups.ask("b")).value(), is("later")); // tried again after the other would have been

        assertThat(abandoned.isCancelled(), is(true));
        assertThat(service.calls(), contains(Set.of("a"), Set.of("b"), Set.of("b")));
    }

    @Test
    public void aStaleAnswerThatAnotherHasReplacedIsNotAskedForAgain() throws Exception {
        AtomicInteger version = new AtomicInteger();
        AnsweringService service = AnsweringService.ofKeys(key -> key + version.incrementAndGet());
        Lookups<String, String> lookups = lookups(service, QUICK, CacheSettings.of(10, Duration.ofSeconds(10)));
        Answer<String> stale = new Answer<>("a0", NOON.minusSeconds(11), From.CALL);

        assertThat(get(lookups.ask("a")).value(), is("a1"));
        assertThat(get(lookups.askAnew("a", stale)).value(), is("a1"));
        assertThat(service.calls().size(), is(1));
    }

    @Test
    public void noMoreKeysAreKeptThanMay() throws Exception {
        AnsweringService service = AnsweringService.ofKeys(key -> key);
        Lookups<String, String> lookups = lookups(service, QUICK, CacheSettings.of(10, Duration.ofHours(1)));

        for (int round = 0; round < 2; round++) {
            for (int key = 0; key < 1_000; key++) {
                get(lookups.ask("k" + key));
            }
        }

        assertThat(lookups.counts().cacheHits.sum(), is(lessThan(100L)));
    }
}
