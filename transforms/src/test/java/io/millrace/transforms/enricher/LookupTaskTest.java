package io.millrace.transforms.enricher;

import static io.millrace.testfixtures.Eventually.waitUntil;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.Eventually;
import io.millrace.transforms.enricher.Enriched.From;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Test;

public class LookupTaskTest {
    private static final Set<Thread.State> WAITING = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private final Map<String, CompletableFuture<Map<String, String>>> open = new ConcurrentHashMap<>();
    private final AnsweringService service =
            AnsweringService.of(keys -> open.computeIfAbsent(keys.iterator().next(), key -> new CompletableFuture<>()));
    private final List<Enriched<String, String>> left = new ArrayList<>();
    private final MovingClock clock = new MovingClock();
    private final AtomicLong nanos = new AtomicLong();
    private final Rest rest = new Rest(nanos::get);
    private Lookups<String, String> lookups = lookups(null);

    @After
    public void close() {
        lookups.close();
    }

    private Lookups<String, String> lookups(CacheSettings cache) {
        return lookups(service, cache);
    }

    private Lookups<String, String> lookups(AnsweringService service, @Nullable CacheSettings cache) {
        return new Lookups<>(
                new LookupSettings<>(
                        "id",
                        "name",
                        service,
                        CallSettings.DEFAULT.withTimeout(Duration.ofMinutes(5)),
                        Double.POSITIVE_INFINITY,
                        cache,
                        1,
                        true),
                clock,
                () -> clock.now.toEpochMilli() * 1_000_000);
    }

    private LookupTask<String, String, String> task(int maxInFlight, boolean inOrder) {
        return new LookupTask<>(key -> key, lookups, maxInFlight, inOrder, clock, rest);
    }

    private void offer(LookupTask<String, String, String> task, String element) throws InterruptedException {
        task.offer(
                element,
                org.joda.time.Instant.EPOCH,
                GlobalWindow.INSTANCE,
                PaneInfo.NO_FIRING,
                (settled, time, window) -> left.add(settled.enriched()));
    }

    /** Offers on a thread of its own, and returns when that waits. */
    private Thread offerUntilItWaits(LookupTask<String, String, String> task, String element) {
        Thread offering = new Thread(() -> {
            try {
                offer(task, element);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        offering.start();
        Eventually.within(Duration.ofMinutes(1)).until("it waits", () -> WAITING.contains(offering.getState()));
        return offering;
    }

    private void finish(LookupTask<String, String, String> task) throws InterruptedException {
        task.finish((settled, time, window) -> left.add(settled.enriched()));
    }

    private void answer(String key) {
        open.get(key).complete(Map.of(key, key + "!"));
    }

    private List<String> values() {
        return left.stream().map(Enriched::value).toList();
    }

    @Test
    public void elementsLeaveInTheOrderInWhichTheyCame() throws Exception {
        LookupTask<String, String, String> task = task(10, true);
        offer(task, "a");
        offer(task, "b");
        answer("b");
        offer(task, "c");
        assertThat(values(), is(empty()));
        answer("a");
        offer(task, "d");
        assertThat(values(), contains("a!", "b!"));
        answer("d");
        answer("c");
        finish(task);
        assertThat(values(), contains("a!", "b!", "c!", "d!"));
    }

    @Test
    public void elementsLeaveAsTheyAreAnsweredWhereTheirOrderIsOfNoMatter() throws Exception {
        LookupTask<String, String, String> task = task(10, false);
        offer(task, "a");
        offer(task, "b");
        answer("b");
        offer(task, "c");
        assertThat(values(), contains("b!"));
        answer("c");
        answer("a");
        finish(task);
        assertThat(values(), contains("b!", "c!", "a!"));
    }

    @Test
    public void anElementWaitsForRoom() throws Exception {
        for (boolean inOrder : List.of(true, false)) {
            left.clear();
            open.clear();
            LookupTask<String, String, String> task = task(1, inOrder);
            offer(task, "a");
            offer(task, "b");
            Thread third = offerUntilItWaits(task, "c");
            answer("a");
            third.join();
            assertThat(values(), contains("a!"));
        }
    }

    @Test
    public void whoseTurnComesIsAskedForWhateverTheTaskDoes() throws Exception {
        for (boolean inOrder : List.of(true, false)) {
            left.clear();
            open.clear();
            LookupTask<String, String, String> task = task(2, inOrder);
            for (String element : List.of("a", "b", "c", "d")) {
                offer(task, element);
            }
            assertThat(open.keySet(), containsInAnyOrder("a", "b"));
            answer("b");
            waitUntil("c is asked for", () -> open.containsKey("c"));
            assertThat(open.keySet(), containsInAnyOrder("a", "b", "c"));
            assertThat(values(), is(empty()));
            answer("a");
            waitUntil("d is asked for", () -> open.containsKey("d"));
            answer("c");
            answer("d");
            finish(task);
            assertThat(values(), containsInAnyOrder("a!", "b!", "c!", "d!"));
        }
    }

    @Test
    public void aBundleThatFailedTakesNoTurnsFromTheNext() throws Exception {
        LookupTask<String, String, String> task = task(1, true);
        offer(task, "a");
        offer(task, "b");
        task.begin();
        offer(task, "c");
        waitUntil("c is asked for", () -> open.containsKey("c"));
        answer("c");
        finish(task);
        assertThat(values(), contains("c!"));
    }

    @Test
    public void anAnswerThatBecameTooOldWhileItWaitedIsAskedForAnew() throws Exception {
        lookups = lookups(CacheSettings.of(10, Duration.ofSeconds(10)));
        LookupTask<String, String, String> task = task(10, true);
        offer(task, "slow");
        offer(task, "quick");
        answer("quick");
        clock.now = NOON.plusSeconds(11);
        open.put("quick", CompletableFuture.completedFuture(Map.of("quick", "anew")));
        answer("slow");
        finish(task);

        assertThat(
                left,
                contains(
                        new Enriched<>("slow", "slow!", NOON.plusSeconds(11), Duration.ZERO, From.CALL),
                        new Enriched<>("quick", "anew", NOON.plusSeconds(11), Duration.ZERO, From.CALL)));
    }

    @Test
    public void aValueSaysHowOldItIs() throws Exception {
        lookups = lookups(CacheSettings.of(10, Duration.ofSeconds(10)));
        LookupTask<String, String, String> task = task(10, true);
        offer(task, "a");
        answer("a");
        finish(task);
        clock.now = NOON.plusSeconds(7);
        offer(task, "a");

        assertThat(
                left,
                contains(
                        new Enriched<>("a", "a!", NOON, Duration.ZERO, From.CALL),
                        new Enriched<>("a", "a!", NOON, Duration.ofSeconds(7), From.CACHE)));
    }

    @Test
    public void anElementThatComesAloneIsWaitedFor() throws Exception {
        LookupTask<String, String, String> task = task(10, true);
        offer(task, "a");
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(21));
        Thread second = offerUntilItWaits(task, "b");
        answer("a");
        answer("b");
        second.join();
        assertThat(values(), contains("a!", "b!"));
    }

    @Test
    public void aFewThatComeAfterMuchRestAreWaitedFor() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        lookups = lookups(
                AnsweringService.of(keys -> {
                    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
                    String key = keys.iterator().next();
                    return asked.incrementAndGet() > 3
                            ? new CompletableFuture<>()
                            : CompletableFuture.completedFuture(Map.of(key, key + "!"));
                }),
                null);
        LookupTask<String, String, String> task = task(10, true);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        for (String element : List.of("a", "b", "c", "d")) {
            offer(task, element);
        }
        assertThat(values(), contains("a!", "b!", "c!"));
    }

    @Test
    public void theWorkOfAnotherStepOfTheThreadIsNoRest() throws Exception {
        LookupTask<String, String, String> first = task(10, true);
        LookupTask<String, String, String> second = task(10, true);
        offer(first, "a");
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(15));
        offer(second, "b");
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(15));
        offer(first, "c");
        assertThat(values(), is(empty()));
        answer("a");
        answer("b");
        answer("c");
        finish(first);
        finish(second);
        assertThat(values(), contains("a!", "c!", "b!"));
    }

    @Test
    public void theWorkOfAStepIsNoRestOfTheOneBehindIt() throws Exception {
        LookupTask<String, String, String> first = task(10, true);
        LookupTask<String, String, String> second = task(10, true);
        offer(first, "a");
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(15));
        Thread finishing = new Thread(() -> {
            try {
                first.finish((settled, time, window) -> {
                    try {
                        offer(second, "behind " + settled.enriched().input());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        finishing.start();
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        answer("a");
        finishing.join();
        assertThat(open.containsKey("behind a"), is(true));
        assertThat(values(), is(empty()));
        answer("behind a");
        finish(second);
        assertThat(values(), contains("behind a!"));
    }

    @Test
    public void theEndOfABundleIsNoRest() throws Exception {
        LookupTask<String, String, String> task = task(10, true);
        offer(task, "a");
        answer("a");
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));
        finish(task);
        offer(task, "b");
        assertThat(values(), contains("a!"));
        answer("b");
        finish(task);
    }

    @Test
    public void aBundleThatFailedLeavesNothingToTheNext() throws Exception {
        for (boolean inOrder : List.of(true, false)) {
            left.clear();
            open.clear();
            LookupTask<String, String, String> task = task(2, inOrder);
            offer(task, "a");
            offer(task, "b");
            task.begin();
            answer("a");
            offer(task, "c");
            answer("b");
            answer("c");
            finish(task);
            assertThat(values(), contains("c!"));
        }
    }

    /** A clock that a test moves. */
    private static final class MovingClock extends Clock {
        private Instant now = NOON;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
