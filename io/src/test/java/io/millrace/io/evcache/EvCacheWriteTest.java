package io.millrace.io.evcache;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.io.sink.SinkContext;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.testfixtures.Counters;
import io.millrace.testfixtures.evcache.EvCacheReader;
import io.millrace.testfixtures.memcached.MemcachedKind;
import io.millrace.testfixtures.memcached.MemcachedZone;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.view.ViewHeaders;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.AfterParam;
import org.junit.runners.Parameterized.BeforeParam;
import org.junit.runners.Parameterized.Parameters;

/** What comes into the zones of an EVCache: every event in each of them, also where one was away, and nothing older over newer. */
@RunWith(Parameterized.class)
public class EvCacheWriteTest {
    private static final AtomicLong NAMES = new AtomicLong();

    private static MemcachedZone a;
    private static MemcachedZone b;

    private final List<Event> events = new ArrayList<>();
    private final String prefix = "t" + NAMES.incrementAndGet();
    private final EvCacheSink sink = EvCacheSink.of(Map.of("a", a.servers(), "b", b.servers()))
            .withCachePrefix(prefix)
            .withMaxValueBytes(1000);
    private final Map<String, ViewStore.Zone> zones = new HashMap<>();
    private Clock clock = Clock.systemUTC();

    public EvCacheWriteTest(MemcachedKind kind) {
        assertThat(kind.name(), a, is(not(nullValue())));
    }

    @Parameters(name = "{0}")
    public static MemcachedKind[] kinds() {
        return MemcachedKind.values();
    }

    @BeforeParam
    public static void start(MemcachedKind kind) {
        kind.assumeIsThere();
        a = MemcachedZone.of("a", kind, 3);
        b = MemcachedZone.of("b", kind, 3);
        MemcachedZone.start(a, b);
    }

    @AfterParam
    public static void end() {
        if (a != null) {
            a.close();
            b.close();
        }
    }

    @Before
    public void openZones() {
        for (String zone : List.of("a", "b")) {
            zones.put(zone, EvCacheView.store(sink).open(zone));
        }
    }

    @After
    public void closeZones() {
        zones.values().forEach(ViewStore.Zone::close);
    }

    @Test
    public void netflixsClientReadsEveryEventInEveryZone() {
        IntStream.range(0, 200).forEach(number -> event("title-" + number, "{\"version\":1,\"n\":" + number + "}"));
        event("Ü", "{\"title\":\"Ü\"}").event("empty", "").event("text", "no JSON");

        write();

        Map<String, String> expected = events.stream()
                .collect(Collectors.toMap(
                        event -> new String(event.key(), UTF_8), event -> new String(event.value(), UTF_8)));
        try (EvCacheReader reader = EvCacheReader.of(Map.of("a", a.servers(), "b", b.servers()))) {
            for (String zone : List.of("a", "b")) {
                eventually("what is read in zone " + zone, () -> read(reader, zone, expected), is(expected));
            }
        }
    }

    private Map<String, String> read(EvCacheReader reader, String zone, Map<String, String> expected) {
        Map<String, String> read = new HashMap<>();
        expected.keySet().forEach(key -> read.put(key, reader.get(zone, prefix, key)));
        return read;
    }

    @Test
    public void theLastEventOfAKeyIsThere() throws Exception {
        for (int round = 1; round <= 100; round++) {
            event("plain", "{\"n\":" + round + "}").event("versioned", "{\"version\":" + round + "}");
        }
        event("gone", "{\"version\":1}")
                .delete("gone", 2)
                .event("back", "{}")
                .delete("back", null)
                .event("back", "{}");

        write();

        assertThat(inBoth("plain"), is("{\"n\":100}"));
        assertThat(inBoth("versioned"), is("{\"version\":100}"));
        assertThat(inBoth("gone"), is(nullValue()));
        assertThat(inBoth("back"), is("{}"));
    }

    @Test
    public void whatCannotBeAKeyOrIsTooLargeIsADeadLetterAndItsNeighboursAreWritten() throws Exception {
        event("first", "{}");
        events.add(Event.of(origin(), null, utf8("{}")));
        event("", "{}").event("a b", "{}").event("a\nb", "{}").event("k".repeat(250 - prefix.length()), "{}");
        events.add(Event.of(origin(), new byte[] {'k', (byte) 0xff}, utf8("{}")));
        event("large", "\"" + "x".repeat(999) + "\"").event("just", "\"" + "x".repeat(998) + "\"");
        with("wrong", "{}", ViewHeaders.GUARD, "careful").with("wrong", "{}", ViewHeaders.VERSION, "new");
        event("last", "{}");

        write(
                "1 refused: key must not be null in EVCache: it comes with the event, or by the route's key",
                "2 refused: key '' is empty",
                "3 refused: key 'a b' has white space, for which EVCache's client does not ask",
                "4 refused: key 'a b' has white space, for which EVCache's client does not ask",
                "5 refused: key '" + "k".repeat(100) + "...' has 251 bytes, and memcached takes 250",
                "6 refused: key must be UTF-8 in EVCache",
                "7 tooLarge: value must have at most 1000 bytes, but had 1001",
                "9 refused: header millrace-guard must be version or replace, but was careful",
                "10 refused: header millrace-version must be a whole number of 64 bits, but was new");

        assertThat(inBoth("first"), is("{}"));
        assertThat(inBoth("just"), is("\"" + "x".repeat(998) + "\""));
        assertThat(inBoth("last"), is("{}"));
    }

    @Test
    public void inItsFirstMinuteAWriterLeavesWhatIsNewer() throws Exception {
        store("newer", "{\"version\":9}").store("older", "{\"version\":3}").store("none", "{\"title\":\"a\"}");
        store("kept", "{\"version\":9}").store("gone", "{\"version\":3}");
        event("newer", "{\"version\":5}").event("older", "{\"version\":5}").event("none", "{\"version\":5}");
        event("absent", "{\"version\":5}").delete("kept", 5).delete("gone", 5).delete("neverThere", 5);
        event("unversioned", "{}");
        with("byHeader", "{\"version\":1}", ViewHeaders.VERSION, "7");

        write();

        assertThat(inBoth("newer"), is("{\"version\":9}"));
        assertThat(inBoth("older"), is("{\"version\":5}"));
        assertThat(inBoth("none"), is("{\"version\":5}"));
        assertThat(inBoth("absent"), is("{\"version\":5}"));
        assertThat(inBoth("kept"), is("{\"version\":9}"));
        assertThat(inBoth("gone"), is(nullValue()));
        assertThat(inBoth("unversioned"), is("{}"));
        assertThat(inBoth("byHeader"), is("{\"version\":1}"));
    }

    @Test
    public void anEventWithoutVersionGoesOverEverythingAlsoInTheFirstMinute() throws Exception {
        store("k", "{\"version\":9}").store("gone", "{\"version\":9}");
        event("k", "{\"title\":\"a\"}").delete("gone", null);

        write();

        assertThat(inBoth("k"), is("{\"title\":\"a\"}"));
        assertThat(inBoth("gone"), is(nullValue()));
    }

    @Test
    public void theHeadersVersionGoesBeforeTheFields() throws Exception {
        store("k", "{\"version\":5}").store("l", "{\"version\":5}");
        with("k", "{\"version\":1}", ViewHeaders.VERSION, "7");
        with("l", "{\"version\":9}", ViewHeaders.VERSION, "3");

        write();

        assertThat(inBoth("k"), is("{\"version\":1}"));
        assertThat(inBoth("l"), is("{\"version\":5}"));
    }

    @Test
    public void laterItSetsWithoutALookUnlessTheEventAsksForCare() throws Exception {
        clock = HourALook.begin();
        store("plain", "{\"version\":9}").store("careful", "{\"version\":9}").store("gone", "{\"version\":9}");
        event("first", "{}").event("plain", "{\"version\":5}").delete("gone", 5);
        with("careful", "{\"version\":5}", ViewHeaders.GUARD, "version");

        write();

        assertThat(inBoth("plain"), is("{\"version\":5}"));
        assertThat(inBoth("careful"), is("{\"version\":9}"));
        assertThat(inBoth("gone"), is(nullValue()));
    }

    @Test
    public void aRepairTakesThePlaceOfWhateverDiffersAndLeavesWhatIsTheSame() throws Exception {
        store("differs", "{\"version\":9}").store("same", "{\"version\":5}").store("extra", "{\"version\":9}");
        Map<String, Stored> before = stored("same");
        with("differs", "{\"version\":5}", ViewHeaders.GUARD, "replace");
        with("same", "{\"version\":5}", ViewHeaders.GUARD, "replace");
        with("missing", "{}", ViewHeaders.GUARD, "replace");
        with("extra", null, ViewHeaders.GUARD, "replace");
        with("twice", "{\"n\":1}", ViewHeaders.GUARD, "replace").event("twice", "{\"n\":2}");

        write();

        assertThat(inBoth("differs"), is("{\"version\":5}"));
        assertThat(tokens(stored("same")), is(tokens(before)));
        assertThat(inBoth("missing"), is("{}"));
        assertThat(inBoth("extra"), is(nullValue()));
        assertThat(inBoth("twice"), is("{\"n\":2}"));
    }

    @Test
    public void aZoneThatIsAwayHoldsUpNoOtherAndGetsWhatItIsOwed() throws Exception {
        IntStream.range(0, 500).forEach(number -> event("title-" + number, "{\"version\":" + (number + 1) + "}"));
        event("title-0", "{\"version\":900}").delete("title-1", 901);
        b.kill();
        try {
            CompletableFuture<PipelineResult> run = CompletableFuture.supplyAsync(() -> write());
            waitUntil("everything is in the other zone", () -> "{\"version\":500}".equals(in("a", "title-499")));
            b.start();

            assertThat(
                    Counters.of(run.get(3, TimeUnit.MINUTES), "millrace.plays.titles")
                            .get("delivered"),
                    is(502L));
        } finally {
            b.ensureRunning();
        }

        assertThat(inBoth("title-0"), is("{\"version\":900}"));
        assertThat(inBoth("title-1"), is(nullValue()));
        for (int number = 2; number < 500; number++) {
            assertThat(inBoth("title-" + number), is("{\"version\":" + (number + 1) + "}"));
        }
    }

    @Test
    public void whatIsOwedGoesOverNothingNewer() throws Exception {
        store("newer", "{\"version\":9}").store("older", "{\"version\":3}").store("gone", "{\"version\":3}");
        event("newer", "{\"version\":5}").event("older", "{\"version\":5}").delete("gone", 5);
        b.pause();
        try {
            CompletableFuture<PipelineResult> run = CompletableFuture.supplyAsync(() -> write());
            waitUntil("it is in the other zone", () -> "{\"version\":5}".equals(in("a", "older")));
            b.resume();
            run.get(3, TimeUnit.MINUTES);
        } finally {
            b.resume();
        }

        assertThat(inBoth("newer"), is("{\"version\":9}"));
        assertThat(inBoth("older"), is("{\"version\":5}"));
        assertThat(inBoth("gone"), is(nullValue()));
    }

    @Test
    public void whatHasNoVersionIsWaitedFor() throws Exception {
        event("k", "{\"n\":1}").event("k", "{\"n\":2}").event("l", "{\"n\":3}").delete("m", null);
        b.pause();
        try {
            CompletableFuture<PipelineResult> run = CompletableFuture.supplyAsync(() -> write());
            waitUntil("it is in the other zone", () -> "{\"n\":3}".equals(in("a", "l")));
            assertThat(run.isDone(), is(false));
            b.resume();
            run.get(3, TimeUnit.MINUTES);
        } finally {
            b.resume();
        }

        assertThat(inBoth("k"), is("{\"n\":2}"));
        assertThat(inBoth("l"), is("{\"n\":3}"));
    }

    private EvCacheWriteTest event(String key, String value) {
        events.add(Event.of(origin(), utf8(key), utf8(value)));
        return this;
    }

    private EvCacheWriteTest with(String key, @Nullable String value, String header, String text) {
        events.add(Event.of(
                ResultId.of(origin()),
                utf8(key),
                value == null ? null : utf8(value),
                Headers.builder().add(header, text).build()));
        return this;
    }

    private EvCacheWriteTest delete(String key, @Nullable Integer version) {
        events.add(Event.of(
                ResultId.of(origin()),
                utf8(key),
                null,
                version == null
                        ? Headers.empty()
                        : Headers.builder()
                                .add(ViewHeaders.VERSION, version.toString())
                                .build()));
        return this;
    }

    private Origin origin() {
        return new Origin("local/plays", 0, events.size());
    }

    private PipelineResult write(String... deadLetters) {
        TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
        SinkContext context = new SinkContext(new Run("plays", "", "run-1", 0), "titles", true);
        PCollection<String> texts = pipeline.apply(Create.of(0))
                .apply(ParDo.of(InOrder.of(events)))
                .apply(EvCacheView.write(sink, context).withClock(clock))
                .apply(MapElements.into(TypeDescriptors.strings()).via(EvCacheWriteTest::text));
        PAssert.that(texts).containsInAnyOrder(deadLetters);
        PipelineResult result = pipeline.run();
        result.waitUntilFinish();
        return result;
    }

    private static String text(DeadLetter deadLetter) {
        return deadLetter.event().id().origin().offset() + " "
                + deadLetter.reason().text() + ": " + deadLetter.message();
    }

    private EvCacheWriteTest store(String key, String value) throws Exception {
        for (ViewStore.Zone zone : zones.values()) {
            waitUntil("the zone is there", () -> !zone.isAway(key));
            zone.set(key, utf8(value)).toCompletableFuture().get(1, TimeUnit.MINUTES);
        }
        return this;
    }

    /** What is stored under a key, by zone. */
    private Map<String, Stored> stored(String key) throws Exception {
        Map<String, Stored> stored = new HashMap<>();
        for (Map.Entry<String, ViewStore.Zone> zone : zones.entrySet()) {
            waitUntil("the zone is there", () -> !zone.getValue().isAway(key));
            Stored one = zone.getValue()
                    .get(List.of(key))
                    .toCompletableFuture()
                    .get(1, TimeUnit.MINUTES)
                    .get(key);
            if (one != null) {
                stored.put(zone.getKey(), one);
            }
        }
        return stored;
    }

    private static Map<String, Long> tokens(Map<String, Stored> stored) {
        return stored.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().token()));
    }

    private @Nullable String in(String zone, String key) throws Exception {
        Stored stored = zones.get(zone)
                .get(List.of(key))
                .toCompletableFuture()
                .get(1, TimeUnit.MINUTES)
                .get(key);
        return stored == null ? null : new String(stored.value(), UTF_8);
    }

    /** What is stored under a key in both zones. */
    private @Nullable String inBoth(String key) throws Exception {
        Map<String, Stored> stored = stored(key);
        List<String> texts = List.of("a", "b").stream()
                .map(zone -> stored.get(zone) == null
                        ? "nothing"
                        : new String(stored.get(zone).value(), UTF_8))
                .distinct()
                .toList();
        assertThat("zones have the same for " + key, texts.size(), is(1));
        return stored.isEmpty() ? null : texts.get(0);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    /** A clock that is an hour later with each look. */
    private static final class HourALook extends Clock implements Serializable {
        private static final long serialVersionUID = 1;
        private static final AtomicLong HOURS = new AtomicLong();

        static HourALook begin() {
            return new HourALook();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plus(Duration.ofHours(HOURS.incrementAndGet()));
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

    /** Events in one bundle, in their order. */
    private static final class InOrder extends DoFn<Integer, Event> {
        private static final long serialVersionUID = 1;

        private final byte[] encoded;

        private InOrder(byte[] encoded) {
            this.encoded = encoded;
        }

        static InOrder of(List<Event> events) {
            try {
                return new InOrder(CoderUtils.encodeToByteArray(ListCoder.of(EventCoder.of()), events));
            } catch (CoderException e) {
                throw new IllegalStateException(e);
            }
        }

        @ProcessElement
        public void process(OutputReceiver<Event> out) throws CoderException {
            CoderUtils.decodeFromByteArray(ListCoder.of(EventCoder.of()), encoded)
                    .forEach(out::output);
        }
    }
}
