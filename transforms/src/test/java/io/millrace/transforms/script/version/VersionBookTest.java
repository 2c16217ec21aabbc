package io.millrace.transforms.script.version;

import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.version.ControlLog.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Test;

/** What becomes of control records, and which version is in force when. */
public class VersionBookTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final String ALL = "function filter(event) { return true }";

    private final VersionBook book = new VersionBook("javascript", null, ScriptLimits.DEFAULT);

    @Test
    public void aVersionIsInForceFromItsTimeOn() {
        accept(source("v1", ALL, NOON), NOON.minusSeconds(1));
        accept(source("v2", ALL, NOON.plusSeconds(60)), NOON);

        assertThat(versionAt(NOON.plusSeconds(60).minusMillis(1)), is("v1"));
        assertThat(versionAt(NOON.plusSeconds(60)), is("v2"));
        assertThat(versionAt(NOON.plusSeconds(6000)), is("v2"));
    }

    @Test
    public void theFirstVersionReachesBackToTheBeginningOfTime() {
        accept(source("v1", ALL, NOON.plusSeconds(3600)), NOON);
        accept(source("v2", ALL, NOON.plusSeconds(60)), NOON);

        assertThat(timeline(Long.MIN_VALUE).activation().version().id(), is("v1"));
        assertThat(versionAt(NOON.plusSeconds(60)), is("v2"));
        assertThat(versionAt(NOON.plusSeconds(3600)), is("v1"));
    }

    @Test
    public void theFirstVersionMayBeOfThePast() {
        accept(source("v1", ALL, NOON.minusSeconds(3600)), NOON);

        assertThat(versionAt(NOON), is("v1"));
    }

    @Test
    public void ofTheSameTimeTheLastOneCounts() {
        accept(source("v1", ALL, NOON), NOON.minusSeconds(9));
        accept(source("v2", ALL, NOON.plusSeconds(1)), NOON);
        accept(source("v3", ALL, NOON.plusSeconds(1)), NOON);

        assertThat(versionAt(NOON.plusSeconds(1)), is("v3"));
    }

    @Test
    public void anEarlierVersionIsPutInForceAgain() {
        accept(source("v1", ALL, NOON), NOON);
        accept(source("v2", ALL, NOON.plusSeconds(1)), NOON);
        Decision again = accept(
                ControlRecord.ofVersion("back", "v1", NOON.plusSeconds(2), "ann")
                        .withReason("v2 is worse"),
                NOON);

        assertThat(again, is(new Decision("back", List.of(), NOON.plusSeconds(2), "v1", false)));
        assertThat(versionAt(NOON.plusSeconds(1)), is("v2"));
        assertThat(versionAt(NOON.plusSeconds(2)), is("v1"));
    }

    @Test
    public void theSameRecordFromSeveralCountsOnce() {
        accept(source("v1", ALL, NOON), NOON);
        accept(source("v2", ALL, NOON.plusSeconds(1)), NOON);
        accept(withdrawal("withdrawn-v2", "v1", NOON.plusSeconds(10)), NOON);
        Timeline before = book.timeline();
        Decision second = accept(withdrawal("withdrawn-v2", "v1", NOON.plusSeconds(5)), NOON.plusMillis(30));

        assertThat(second, is(new Decision("withdrawn-v2", List.of(), NOON.plusSeconds(10), "v1", true)));
        assertThat(book.timeline(), is(before));
        assertThat(versionAt(NOON.plusSeconds(5)), is("v2"));
    }

    @Test
    public void aRefusedRecordLeavesItsIdFree() {
        accept(source("v1", ALL, NOON), NOON);
        refuse(withdrawal("withdrawn-v1", "v1", NOON.plusMillis(400)), NOON);
        accept(withdrawal("withdrawn-v1", "v1", NOON.plusMillis(600)), NOON);
    }

    @Test
    public void aWithdrawalOfWhatIsNotInForceIsRefused() {
        accept(source("v1", ALL, NOON), NOON);
        accept(source("v2", ALL, NOON.plusSeconds(1)), NOON);
        accept(source("v3", ALL, NOON.plusSeconds(10)), NOON.plusSeconds(9));

        assertThat(
                refuse(withdrawal("withdrawn-v2", "v1", NOON.plusMillis(10_050)), NOON.plusMillis(9_050)),
                contains("what is withdrawn must be in force at 2026-01-31T12:00:10.050Z, but that is 'v3' by then"));
        assertThat(versionAt(NOON.plusSeconds(11)), is("v3"));
        accept(withdrawal("withdrawn-v2", "v1", NOON.plusMillis(9_999)), NOON.plusMillis(9_050));
        assertThat(versionAt(NOON.plusMillis(9_999)), is("v1"));
        assertThat(versionAt(NOON.plusSeconds(10)), is("v3"));
    }

    @Test
    public void whatAPersonPublishesIsNotOverriddenByAWithdrawalThatWasFaster() {
        accept(source("v1", ALL, NOON), NOON);
        accept(source("v2", ALL, NOON.plusSeconds(1)), NOON);
        accept(withdrawal("withdrawn-v2", "v1", NOON.plusMillis(10_050)), NOON.plusMillis(9_050));
        assertThat(versionAt(NOON.plusSeconds(11)), is("v1"));

        accept(source("v3", ALL, NOON.plusSeconds(10)), NOON.plusMillis(9_100));

        assertThat(versionAt(NOON.plusMillis(9_999)), is("v2"));
        assertThat(versionAt(NOON.plusSeconds(10)), is("v3"));
        assertThat(versionAt(NOON.plusSeconds(11)), is("v3"));
    }

    @Test
    public void theIdsOfWithdrawalsAreNotForOthers() {
        accept(source("v1", ALL, NOON), NOON);

        assertThat(
                refuse(source("withdrawn-v1", ALL, NOON.plusSeconds(1)), NOON),
                contains(
                        "id must not begin with withdrawn-, which is for what millrace withdraws, but was 'withdrawn-v1'"));
        assertThat(
                refuse(ControlRecord.ofVersion("withdrawn-v1", "v1", NOON.plusSeconds(1), "ann"), NOON),
                contains(
                        "id must not begin with withdrawn-, which is for what millrace withdraws, but was 'withdrawn-v1'"));
    }

    @Test
    public void noTimeAtAllKeepsARecordFromBeingDecidedOn() {
        accept(source("v1", ALL, NOON), Instant.MAX);
        assertThat(
                refuse(source("v2", ALL, NOON), Instant.MAX),
                contains("effectiveFrom must be at least 500 ms after the record was published at " + Instant.MAX
                        + ", but was 2026-01-31T12:00:00Z: what is past keeps its version"));
        accept(source("v2", ALL, NOON), Instant.MIN);
    }

    @Test
    public void anIdIsOfOneVersion() {
        accept(source("v1", ALL, NOON), NOON);
        accept(ControlRecord.ofVersion("r1", "v1", NOON.plusSeconds(1), "ann"), NOON);

        assertThat(
                refuse(source("v1", ALL + " ", NOON.plusSeconds(1)), NOON),
                contains("id must be new, but 'v1' is that of an accepted record of another source"));
        assertThat(
                refuse(source("r1", ALL, NOON.plusSeconds(1)), NOON),
                contains("id must be new, but 'r1' is that of an accepted record of another version"));
    }

    @Test
    public void whatIsPublishedTooLateIsRefused() {
        accept(source("v1", ALL, NOON), NOON);

        assertThat(
                refuse(source("v2", ALL, NOON.plusMillis(499)), NOON),
                contains(
                        "effectiveFrom must be at least 500 ms after the record was published at 2026-01-31T12:00:00Z, but was"
                                + " 2026-01-31T12:00:00.499Z: what is past keeps its version"));
        assertThat(versionAt(NOON.plusSeconds(9)), is("v1"));
        accept(source("v2", ALL, NOON.plusMillis(500)), NOON);
    }

    @Test
    public void whatDoesNotSayWhenItWasPublishedIsRefused() {
        assertThat(
                book.add(new Entry(source("v1", ALL, NOON).toJson(), null)).problems(),
                contains("the time at which the record was published must be known, but is not"));
    }

    @Test
    public void anUnknownVersionIsRefused() {
        assertThat(
                refuse(ControlRecord.ofVersion("r1", "v0", NOON, "ann"), NOON.minusSeconds(1)),
                contains("version must be that of an accepted version, but was 'v0': there is none yet"));
        accept(source("v1", ALL, NOON), NOON);
        accept(ControlRecord.ofVersion("r1", "v1", NOON.plusSeconds(1), "ann"), NOON);
        assertThat(
                refuse(ControlRecord.ofVersion("r2", "r1", NOON.plusSeconds(1), "ann"), NOON),
                contains("version must be that of an accepted version, but was 'r1': the last ones are [v1]"));
    }

    @Test
    public void whatIsNoRecordIsRefusedByTheIdThatItHas() {
        assertThat(
                book.add(new Entry("{\"id\":\"v1\",\"author\":\"a\",\"source\":\"b\"}", NOON)),
                is(new Decision("v1", List.of("effectiveFrom must be given"), null, null, false)));
        assertThat(
                book.add(new Entry("[]", NOON)),
                is(new Decision("", List.of("a control record must be a JSON object, but was []"), null, null, false)));
    }

    @Test
    public void whatDoesNotCompileIsRefusedWithLineAndColumn() {
        List<String> problems = refuse(source("v1", "function filter(event) {\n  return event.x + }", NOON), NOON);

        assertThat(problems.get(0).matches("source:2:\\d+: .+"), is(true));
        assertThat(book.timeline().isEmpty(), is(true));
    }

    @Test
    public void whatFailsItsOwnTestsIsRefused() {
        String source =
                "function filter(event) { return event.n > 0 } function map(event) { return { m: event.n * 2 } }";

        assertThat(
                refuse(
                        source("v1", source, NOON)
                                .withTests(tests("[{event: {n: 1}, expect: {m: 3}},{event: {n: 1}, expect: null},"
                                        + "{event: {n: -1}, expect: {m: -2}},{event: {n: 1}, expect: []},"
                                        + "{event: {n: 1}, expect: true}]")),
                        NOON),
                contains(
                        "tests[0] must give {\"m\":3}, but gave {\"m\":2}",
                        "tests[1] must give null, but gave {\"m\":2}",
                        "tests[2] must give {\"m\":-2}, but gave null",
                        "tests[3] must give [], but gave {\"m\":2}",
                        "tests[4] must give true, but gave {\"m\":2}, and true is for a script that filters alone"));
        accept(
                source("v1", source, NOON)
                        .withTests(tests("[{event: {n: 1}, expect: {m: 2.0}}, {event: {n: 1}, expect: [{m: 2}]},"
                                + "{event: {n: -1}, expect: null}, {event: {n: -1}, expect: []}]")),
                NOON);
    }

    @Test
    public void whatIsPutInForceAgainMayBeTestedToo() {
        accept(source("v1", "function filter(event) { return event.n > 0 }", NOON), NOON);
        ControlRecord again = ControlRecord.ofVersion("r1", "v1", NOON.plusSeconds(1), "ann");

        assertThat(
                refuse(again.withTests(tests("[{event: {n: 1}, expect: false}, {event: {n: 0}, expect: true}]")), NOON),
                contains("tests[0] must give false, but gave true", "tests[1] must give true, but gave false"));
        accept(again.withTests(tests("[{event: {n: 1}, expect: true}, {event: {n: 0}, expect: false}]")), NOON);
    }

    @Test
    public void whatThrowsInATestIsRefused() {
        List<String> problems = refuse(
                source("v1", "function map(event) { return event.a.b }", NOON)
                        .withTests(tests("[{event: {}, expect: {m: 3}}]")),
                NOON);

        assertThat(problems.get(0).matches("tests\\[0\\] must give \\{\"m\":3\\}, but failed: .+"), is(true));
    }

    /** Against a plain reading of the rules, for logs in which times and ids meet as often as possible. */
    @Test
    public void decidesAsTheRulesSay() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            VersionBook tried = new VersionBook("javascript", null, ScriptLimits.DEFAULT);
            Oracle oracle = new Oracle();
            List<Entry> log = new ArrayList<>();
            for (int length = random.nextInt(12); length > 0; length--) {
                log.add(randomEntry(random));
            }
            for (Entry entry : log) {
                assertThat("log " + seed, tried.add(entry).isAccepted(), is(oracle.add(entry)));
            }
            for (long at = -2_000; at < 8_000; at += 250) {
                Timeline.Span span = tried.timeline().at(NOON.toEpochMilli() + at);
                String version =
                        span == null ? null : span.activation().version().id();
                assertThat("log " + seed + " at " + at, version, is(oracle.at(NOON.plusMillis(at))));
                if (span != null) {
                    assertThat(
                            span.from() <= NOON.toEpochMilli() + at && NOON.toEpochMilli() + at <= span.to(), is(true));
                }
            }
            assertSpansAreWhole(tried.timeline());
        }
    }

    private static void assertSpansAreWhole(Timeline timeline) {
        Set<Long> starts = new TreeSet<>();
        timeline.accepted().stream()
                .filter(one -> !one.withdrawal()) // of which some count nowhere
                .forEach(one -> starts.add(one.effectiveFrom().toEpochMilli()));
        for (long start : starts) {
            Timeline.Span span = requireNonNull(timeline.at(start));
            assertThat(span.from(), is(start));
            assertThat(requireNonNull(timeline.at(start - 1)).to(), is(start - 1));
        }
    }

    private static Entry randomEntry(Random random) {
        Instant published = NOON.plusMillis(random.nextInt(12) * 250L);
        Instant from = NOON.plusMillis(random.nextInt(20) * 250L);
        String id = "v" + random.nextInt(6);
        String text = switch (random.nextInt(10)) {
            case 0 -> "{\"id\":\"" + id + "\"}";
            case 1 -> source(id, "function wrong( {", from).toJson();
            case 2, 3 ->
                ControlRecord.ofVersion("r" + random.nextInt(4), id, from, "ann")
                        .toJson();
            case 4, 5 ->
                withdrawal(ControlRecord.WITHDRAWN + withdrawable(random, id), "v" + random.nextInt(6), from)
                        .toJson();
            default -> source(id, ALL, from).toJson();
        };
        return new Entry(text, published);
    }

    private static String withdrawable(Random random, String id) {
        return switch (random.nextInt(4)) {
            case 0 -> "r" + random.nextInt(4);
            case 1 -> ControlRecord.WITHDRAWN + id;
            default -> id;
        };
    }

    /** The rules, read plainly: remembers everything, and looks through all of it. */
    private static final class Oracle {
        private final Map<String, ControlRecord> accepted = new LinkedHashMap<>();

        boolean add(Entry entry) {
            if (!entry.text().contains("effectiveFrom") || entry.text().contains("wrong")) {
                return false;
            }
            ControlRecord control = ControlRecord.parse(entry.text());
            if (accepted.containsKey(control.id())) {
                return accepted.get(control.id()).versionId().equals(control.versionId());
            }
            boolean late = control.effectiveFrom()
                    .isBefore(requireNonNull(entry.published()).plusMillis(500));
            if (late && !accepted.isEmpty() || control.version() != null && !accepted.containsKey(control.version())) {
                return false;
            }
            if (control.isWithdrawal() && !overrides(control)) {
                return false;
            }
            accepted.put(control.id(), control);
            return true;
        }

        String at(Instant time) {
            ControlRecord best = best(time, List.copyOf(accepted.values()));
            return best == null ? null : best.versionId();
        }

        private ControlRecord best(Instant time, List<ControlRecord> controls) {
            ControlRecord best = null;
            for (ControlRecord control : controls) {
                boolean comes = !control.effectiveFrom().isAfter(time);
                boolean newest = best == null || !control.effectiveFrom().isBefore(best.effectiveFrom());
                if (comes && newest && (!control.isWithdrawal() || overrides(control))) {
                    best = control;
                }
            }
            return best == null && !accepted.isEmpty()
                    ? accepted.values().iterator().next()
                    : best;
        }

        /** Whether what a withdrawal withdraws would be in force at its time if it did not exist, nor what overrides it. */
        private boolean overrides(ControlRecord withdrawal) {
            List<ControlRecord> others = new ArrayList<>();
            boolean before = true;
            for (ControlRecord other : accepted.values()) {
                before &= other != withdrawal;
                if (other.effectiveFrom().isBefore(withdrawal.effectiveFrom())
                        || before && other.effectiveFrom().equals(withdrawal.effectiveFrom())) {
                    others.add(other);
                }
            }
            ControlRecord inForce = requireNonNull(best(withdrawal.effectiveFrom(), others));
            return withdrawal.id().equals(ControlRecord.WITHDRAWN + inForce.id());
        }
    }

    private Decision accept(ControlRecord control, Instant published) {
        Decision decision = book.add(new Entry(control.toJson(), published));
        assertThat(decision.problems(), is(empty()));
        return decision;
    }

    private List<String> refuse(ControlRecord control, Instant published) {
        Timeline before = book.timeline();
        Decision decision = book.add(new Entry(control.toJson(), published));
        assertThat(decision.isAccepted(), is(false));
        assertThat(decision.record(), is(control.id()));
        assertThat(decision.effectiveFrom(), is(control.effectiveFrom()));
        assertThat(decision.version(), is(nullValue()));
        assertThat(book.timeline(), is(before));
        return decision.problems();
    }

    private Timeline.Span timeline(long millis) {
        return requireNonNull(book.timeline().at(millis));
    }

    private String versionAt(Instant time) {
        return timeline(time.toEpochMilli()).activation().version().id();
    }

    private static ControlRecord source(String id, String source, Instant from) {
        return ControlRecord.ofSource(id, source, from, "ann");
    }

    private static ControlRecord withdrawal(String id, String version, Instant from) {
        return ControlRecord.ofVersion(id, version, from, ControlRecord.MILLRACE);
    }

    private static List<ScriptTest> tests(String json) {
        return ControlRecord.parseTests(json.replaceAll("([a-z]+):", "\"$1\":"));
    }
}
