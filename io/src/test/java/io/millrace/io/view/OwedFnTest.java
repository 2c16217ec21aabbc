package io.millrace.io.view;

import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import com.google.common.base.Throwables;
import io.millrace.io.evcache.EvCacheSink;
import io.millrace.io.evcache.EvCacheView;
import io.millrace.io.objects.StatefulStep;
import io.millrace.io.sink.Patience;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.TimeOfWaiting;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.testfixtures.memcached.MemcachedKind;
import io.millrace.testfixtures.memcached.MemcachedNode;
import io.millrace.testfixtures.memcached.MemcachedRule;
import io.millrace.testfixtures.server.TcpRelay;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What is owed to a zone of one real server, behind a relay that takes it away. */
public class OwedFnTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final SinkContext CONTEXT = new SinkContext(new Run("plays", "", "run-1", 0), "titles", true);
    private static final AtomicLong NAMES = new AtomicLong();

    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    private final String prefix = "owed" + NAMES.incrementAndGet();
    private TcpRelay relay;
    private ViewStore store;
    private ViewStore.Zone zone;
    private StatefulStep<OwedShard, Owed, DeadLetter> step;
    private Instant now = NOON;

    @Before
    public void start() throws Exception {
        relay = TcpRelay.to(port(memcached.server()));
        begin(relay.port(), port(memcached.server()));
    }

    private void begin(int port, int portToLook) throws Exception {
        store = EvCacheView.store(sink(port));
        zone = ReadyZones.awaited(EvCacheView.store(sink(portToLook)).open("a"));
        try (AutoCloseable ready = ReadyZones.shared(store)) {
            step = step(store, Patience::with);
        }
    }

    private static int port(MemcachedNode node) {
        return Integer.parseInt(node.address().substring(node.address().indexOf(':') + 1));
    }

    private EvCacheSink sink(int port) {
        return EvCacheSink.of(Map.of("a", List.of("127.0.0.1:" + port))).withCachePrefix(prefix);
    }

    private static StatefulStep<OwedShard, Owed, DeadLetter> step(ViewStore store, Waits waits) {
        return new StatefulStep<>(
                fn(store, waits), new TupleTag<>() {}, List.of(), new OwedShard("a", 0), OwedShard.CODER, Owed.CODER);
    }

    private static OwedFn fn(ViewStore store, Waits waits) {
        return new OwedFn(store, CONTEXT, new Versions("version"), waits);
    }

    @After
    public void end() {
        step.close();
        zone.close();
        relay.close();
    }

    @Test
    public void theNewestOfAKeyIsWrittenWhenTheZoneIsBack() throws Exception {
        relay.refuse();
        waitUntilAway();
        owe("k", "{\"version\":5}", 5).owe("k", "{\"version\":7}", 7).owe("k", "{\"version\":6}", 6);
        owe("l", "{\"version\":1}", 1);
        pass(Duration.standardMinutes(1));
        assertThat(stored("k"), is(nullValue()));

        relay.accept();
        passUntilSettled();

        assertThat(stored("k"), is("{\"version\":7}"));
        assertThat(stored("l"), is("{\"version\":1}"));
        assertThat("timers", step.hasPendingTimers(), is(false));
        assertThat(step.outputs(), is(empty()));
    }

    @Test
    public void aDeleteThatComesBehindWhatIsOwedIsWhatIsOwed() throws Exception {
        store("k", "{\"version\":3}");
        relay.refuse();
        waitUntilAway();
        owe("k", "{\"version\":5}", 5).owe("k", null, 6).owe("l", null, 6).owe("l", "{\"version\":5}", 5);

        relay.accept();
        passUntilSettled();

        assertThat(stored("k"), is(nullValue()));
        assertThat(stored("l"), is(nullValue()));
    }

    @Test
    public void whatIsNewerThanWhatIsOwedStays() throws Exception {
        owe("k", "{\"version\":5}", 5).owe("gone", null, 5);
        store("k", "{\"version\":6}");
        store("gone", "{\"version\":6}");

        passUntilSettled();

        assertThat(stored("k"), is("{\"version\":6}"));
        assertThat(stored("gone"), is("{\"version\":6}"));
    }

    @Test
    public void whatTheZoneHasGotTakesThePlaceOfWhatItIsOwed() throws Exception {
        owe("same", "{\"version\":5,\"n\":1}", 5).owe("back", null, 5);
        store("same", "{\"version\":5,\"n\":2}");
        store("back", "{\"n\":2}");
        done("same", "{\"version\":5,\"n\":2}", 5).done("back", "{\"n\":2}", 6);

        passUntilSettled();

        assertThat(stored("same"), is("{\"version\":5,\"n\":2}"));
        assertThat(stored("back"), is("{\"n\":2}"));
    }

    @Test
    public void whatTheZoneHasGotIsWrittenOnceMoreShortlyAfterSomethingWasOwed() throws Exception {
        owe("k", "{\"version\":5,\"n\":1}", 5);
        pass(Duration.standardSeconds(1));
        assertThat(stored("k"), is("{\"version\":5,\"n\":1}"));

        done("k", "{\"version\":5,\"n\":2}", 5);
        passUntilSettled();

        assertThat(stored("k"), is("{\"version\":5,\"n\":2}"));
    }

    @Test
    public void whatTheZoneHasGotIsNotWrittenAgainWhereNothingIsOwed() throws Exception {
        done("k", "{\"version\":5}", 5);

        assertThat(step.hasPendingTimers(), is(false));
        assertThat(isSettled(), is(true));
        assertThat(stored("k"), is(nullValue()));
    }

    @Test
    public void whatTheZoneHasGotOfAKeyThatWasNotOwedIsNotWrittenAgain() throws Exception {
        owe("k", "{\"version\":5}", 5);
        done("other", "{\"version\":5}", 5);

        passUntilSettled();

        assertThat(stored("k"), is("{\"version\":5}"));
        assertThat(stored("other"), is(nullValue()));
    }

    @Test
    public void whatWasSettledIsForgottenAMinuteLater() throws Exception {
        owe("k", "{\"version\":5}", 5);
        passUntilSettled();
        owe("l", "{\"version\":5}", 5);
        store("k", "{\"version\":6}");
        done("k", "{\"version\":7}", 7);

        passUntilSettled();

        assertThat(stored("k"), is("{\"version\":6}"));
    }

    @Test
    public void manyAreWrittenInTurns() throws Exception {
        List<String> keys =
                IntStream.range(0, 4_000).mapToObj(number -> "many-" + number).toList();
        keys.forEach(key -> owe(key, "{\"version\":1}", 1));

        pass(Duration.millis(500));
        assertThat("the first turn leaves some for the next", stored(keys), is(3_000));
        pass(Duration.millis(2));

        assertThat(stored(keys), is(4_000));
        assertThat(stored("many-0"), is("{\"version\":1}"));
        assertThat(stored("many-3999"), is("{\"version\":1}"));
    }

    @Test
    public void aRestoredJobGoesOn() throws Exception {
        relay.refuse();
        waitUntilAway();
        owe("k", "{\"version\":5}", 5);

        step.restoreAs(fn(store, Patience::with));
        relay.accept();
        passUntilSettled();

        assertThat(stored("k"), is("{\"version\":5}"));
    }

    @Test
    public void aZoneThatIsNoLongerInTheSettingsIsOwedNothing() throws Exception {
        owe("k", "{\"version\":5}", 5);

        step.restoreAs(fn(
                EvCacheView.store(
                        EvCacheSink.of(Map.of("b", List.of(memcached.server().address())))),
                Patience::with));
        passUntilSettled();

        assertThat(stored("k"), is(nullValue()));
    }

    @Test
    public void whatTheServerTakesNeverIsADeadLetter() throws Exception {
        MemcachedKind.MEMCACHED.assumeIsThere();
        try (MemcachedNode real = MemcachedNode.memcached().start()) {
            end();
            begin(port(real), port(real));
            owe("large", "{\"version\":5,\"a\":\"" + "x".repeat(1 << 20) + "\"}", 5)
                    .owe("k", "{\"version\":5}", 5);

            passUntilSettled();

            assertThat(stored("k"), is("{\"version\":5}"));
            assertThat(
                    step.outputs().stream()
                            .map(letter -> ((DeadLetter) letter).reason() + " " + ((DeadLetter) letter).message())
                            .toList(),
                    contains("TOO_LARGE " + real.address() + " takes no value that is so large"));
        }
    }

    @Test
    public void atTheEndOfTheInputTheZoneIsWaitedFor() throws Exception {
        relay.refuse();
        waitUntilAway();
        owe("k", "{\"version\":5}", 5);
        relay.accept();

        step.endInput();

        assertThat(isSettled(), is(true));
        assertThat(stored("k"), is("{\"version\":5}"));
    }

    @Test
    public void atTheEndOfTheInputAZoneThatStaysAwayFailsTheRunAndSaysWhatToDo() {
        relay.refuse();
        TimeOfWaiting time = new TimeOfWaiting();
        step.close();
        step = step(store, service -> Patience.with(service).by(time, time));
        owe("k", "{\"version\":5}", 5).owe("l", "{\"version\":5}", 5);

        Throwable failure = Throwables.getRootCause(assertThrows(RuntimeException.class, () -> step.endInput()));

        assertThat(
                failure.getMessage(),
                is(
                        "zone a of EVCache must answer within 5 minutes, but: its servers are away; it is owed 2 keys: bring its servers back"
                                + " and run again, or take the zone out of the settings"));
    }

    private void waitUntilAway() {
        ViewStore.Zone shared = SharedZones.open(store).get("a");
        waitUntil("an outage", () -> shared.isAway("k"));
        SharedZones.close(store);
    }

    private OwedFnTest owe(String key, @Nullable String value, long version) {
        return process(key, value, version, false);
    }

    private OwedFnTest done(String key, String value, long version) {
        return process(key, value, version, true);
    }

    private OwedFnTest process(String key, @Nullable String value, long version, boolean isDone) {
        Event event = Event.of(
                new Origin("local/plays", 0, version),
                key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8));
        step.process(new Owed(event, NOON, version, isDone));
        return this;
    }

    private void pass(Duration time) throws Exception {
        now = now.plus(time);
        step.clockTo(now);
    }

    private void passUntilSettled() {
        waitUntil("everything is settled", () -> {
            pass(Duration.standardSeconds(10));
            return isSettled();
        });
    }

    private boolean isSettled() {
        return step.isForgotten("pauses", StateSpecs.value(Pauses.CODER));
    }

    private void store(String key, String value) throws Exception {
        zone.set(key, value.getBytes(UTF_8)).toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    /** How many of some keys are stored. */
    private int stored(List<String> keys) throws Exception {
        return zone.get(keys).toCompletableFuture().get(1, TimeUnit.MINUTES).size();
    }

    private @Nullable String stored(String key) throws Exception {
        Stored stored = zone.get(List.of(key))
                .toCompletableFuture()
                .get(1, TimeUnit.MINUTES)
                .get(key);
        return stored == null ? null : new String(stored.value(), UTF_8);
    }
}
