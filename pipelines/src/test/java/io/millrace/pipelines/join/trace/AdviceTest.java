package io.millrace.pipelines.join.trace;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.pipelines.join.trace.Advice.Row;
import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace;
import io.millrace.transforms.joiner.Trace.Step;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.Test;

public class AdviceTest {
    private static final JoinSpec HALF = Told.join("", "looksBack: PT45M", "traces: {share: 0.5, keys: [named]}");

    @Test
    public void hasARowForEachBoundAndOneForTheSpecs() {
        Advice advice = advice(HALF, new Told().left("i-1", "10:00:00"));

        assertThat(
                advice.rows().stream()
                        .map(row -> Duration.ofMillis(row.bound()) + (row.isOfSpec() ? " *" : ""))
                        .toList(),
                contains(
                        "PT10S", "PT30S", "PT1M", "PT5M", "PT15M", "PT30M", "PT45M *", "PT1H", "PT2H", "PT4H", "PT6H",
                        "PT12H", "PT24H"));
        assertThat(
                advice(Told.join("", "looksBack: PT4H"), new Told()).rows().stream()
                        .filter(Row::isOfSpec)
                        .map(Row::bound)
                        .toList(),
                contains(Duration.ofHours(4).toMillis()));
    }

    @Test
    public void countsWhatEachBoundWouldGiveWhateverBecameOfAnEvent() {
        Told told = new Told()
                .left("i-1", "10:00:00")
                .left("i-1", "10:00:00")
                .refused(Step.LATE, Side.LEFT, "i-2", "11:55:00")
                .left("i-3", "12:00:01")
                .right("p-1", "12:00:00")
                .refused(Step.OVER_LIMIT, Side.RIGHT, "p-2", "12:00:31")
                .left(Step.DUPLICATE, "10:00:00")
                .left(Step.FORGOTTEN, "11:55:00");

        assertThat(
                counts(advice(HALF, told), "PT10S", "PT30S", "PT5M", "PT1H", "PT2H", "PT4H"),
                contains(
                        "PT10S: 0 of 2, 0 of 3",
                        "PT30S: 1 of 2, 1 of 3",
                        "PT5M: 2 of 2, 2 of 3",
                        "PT1H: 2 of 2, 2 of 3",
                        "PT2H: 2 of 2, 3 of 3",
                        "PT4H: 2 of 2, 3 of 3"));
    }

    @Test
    public void countsLeftEventsBehindTheRightOnesThatMayBe() {
        JoinSpec join = Told.join("", "looksBack: PT1H, waits: PT1M");
        Told told = new Told().right("p-1", "10:00:00").left("i-1", "10:01:00").left("i-2", "10:01:01");

        assertThat(
                counts(advice(join, told), "PT10S", "PT24H"),
                contains("PT10S: 1 of 1, 1 of 2", "PT24H: 1 of 1, 1 of 2"));
    }

    @Test
    public void givesAsTheSpecGivesCredit() {
        Told told = new Told()
                .left("i-1", "09:00:00")
                .left("i-2", "09:30:00")
                .left("i-3", "09:50:00")
                .right("p-1", "10:00:00")
                .right("p-2", "10:01:00")
                .right("p-3", "10:02:00");

        assertThat(onlyTwoHours(told, "credit: all"), is("PT2H: 3 of 3, 3 of 3"));
        assertThat(onlyTwoHours(told, "credit: last"), is("PT2H: 3 of 3, 1 of 3"));
        assertThat(onlyTwoHours(told, "credit: all", "creditOnce: true"), is("PT2H: 1 of 3, 3 of 3"));
        assertThat(onlyTwoHours(told, "credit: first", "creditOnce: true"), is("PT2H: 3 of 3, 3 of 3"));
        assertThat(
                counts(advice(join("credit: last", "creditOnce: true"), told), "PT15M", "PT1H"),
                contains("PT15M: 1 of 3, 1 of 3", "PT1H: 2 of 3, 2 of 3"));
    }

    @Test
    public void countsAsAJoinOverSetsDoes() {
        SplittableRandom random = new SplittableRandom(8);
        for (int round = 0; round < 50; round++) {
            Told told = new Told();
            long[] lefts = random.longs(20, 0, 86_399).toArray();
            long[] rights = random.longs(10, 0, 86_399).toArray();
            for (long left : lefts) {
                told.left("i-" + told.traces.size(), time(left));
            }
            for (long right : rights) {
                told.right("p-" + told.traces.size(), time(right));
            }

            for (Row row : advice(HALF, told).rows()) {
                assertThat(
                        row.rights(),
                        is(Arrays.stream(rights)
                                .filter(right -> Arrays.stream(lefts).anyMatch(left -> led(left, right, row.bound())))
                                .count()));
                assertThat(
                        row.lefts(),
                        is(Arrays.stream(lefts)
                                .filter(left -> Arrays.stream(rights).anyMatch(right -> led(left, right, row.bound())))
                                .count()));
            }
        }
    }

    private static boolean led(long left, long right, long bound) {
        return left <= right && (right - left) * 1000 <= bound;
    }

    private static String time(long second) {
        return LocalTime.ofSecondOfDay(second).format(DateTimeFormatter.ISO_LOCAL_TIME);
    }

    @Test
    public void reckonsWhatIsKeptOfAllKeys() {
        Told one = new Told().left("i-1", "10:00:00").left("i-2", "10:15:00").right("p-1", "12:00:00");
        Told other = new Told().left("i-1", "11:00:00");

        Row row = row(advice(HALF, one, other), "PT30M");

        // of two hours: three events half an hour each; one key for 45 minutes, and the other for 30; and all that
        // twice
        assertThat(row.events(), closeTo(2 * 3 * 30 / 120.0, 1e-9));
        assertThat(row.keys(), closeTo(2 * (45 + 30) / 120.0, 1e-9));
    }

    @Test
    public void whatIsKeptIsKeptUntilTheWatermarkHasPassedIt() {
        JoinSpec join = Told.join("", "looksBack: PT1H", "allowedLateness: PT10M", "traces: {share: 1}");
        Told told = new Told()
                .watermark("09:55:00")
                .left("i-1", "10:00:00")
                .watermark("10:55:00")
                .left("i-2", "11:00:00")
                .watermark("11:55:00")
                .right("p-1", "12:00:00");

        Advice advice = advice(join, told);

        assertThat(advice.basis().lag(), is(Duration.ofMinutes(5).toMillis()));
        assertThat(row(advice, "PT30M").events(), closeTo(2 * (30 + 5 + 10) / 120.0, 1e-9));
    }

    @Test
    public void whatIsGivenOnceIsKeptUntilItWasGiven() {
        JoinSpec join = Told.join("", "looksBack: PT1H", "creditOnce: true", "traces: {share: 1}");
        Told told = new Told()
                .left("i-1", "10:00:00")
                .right("p-1", "10:20:00")
                .left("i-2", "11:00:00")
                .right("p-2", "12:00:00");

        assertThat(row(advice(join, told), "PT30M").events(), closeTo((20 + 30) / 120.0, 1e-9));
    }

    @Test
    public void leavesOutKeysThatWereNotDrawn() {
        Told told = new Told().left("i-1", "10:00:00").right("p-1", "10:20:00");

        Advice drawn = Advice.of(HALF, documents("named", told).toList());
        Advice named = Advice.of(
                Told.join("", "looksBack: PT1H", "traces: {keys: [named]}"),
                documents("named", told).toList());

        assertThat(drawn.basis().keys(), is(0));
        assertThat(drawn.basis().named(), is(1));
        assertThat(named.basis().keys(), is(1));
        assertThat(named.basis().named(), is(0));
    }

    @Test
    public void saysHowLateEventsCame() {
        Told told = new Told().watermark("10:00:00");
        for (int i = 0; i < 98; i++) {
            told.left("i-" + i, "10:01:00");
        }
        told.left("i-98", "09:59:58.500").refused(Step.LATE, Side.LEFT, "i-99", "09:53:00");

        assertThat(
                advice(HALF, told).lateness(),
                is(new Lateness(100, 2, 1_500, Duration.ofMinutes(7).toMillis(), 0)));
        assertThat(
                text(HALF, told),
                hasItem("2.0 % of 100 events came behind the watermark, 99 % by PT2S at most, all by PT7M"));
        assertThat(
                text(HALF, told),
                hasItem(
                        "allowedLateness: PT7M would have taken all of them, allowedLateness: PT2S 99 %; the spec has PT0S;"
                                + " so would a maxOutOfOrderness of the sources that is longer by as much"));
    }

    @Test
    public void saysHowMuchRoomThereWasWhereNoneWasLate() {
        Told told = new Told().watermark("10:00:00").left("i-1", "10:00:03.700").left("i-2", "09:00:00");
        told.traces.remove(1);
        told.watermark("10:00:10").right("p-1", "10:00:20");

        assertThat(
                text(HALF, told),
                hasItem(
                        "none of 2 events came behind the watermark: the nearest was PT3S ahead of it, so much shorter the"
                                + " sources' maxOutOfOrderness could be"));
    }

    @Test
    public void saysItAllAsText() {
        Told told = new Told();
        for (int i = 0; i < 20; i++) {
            told.left("i-" + i, "10:" + (10 + i) + ":00").right("p-" + i, "10:" + (10 + i) + ":" + (10 + 2 * i));
        }

        assertThat(
                text(
                        Told.join(
                                "waits: PT5M",
                                "looksBack: PT2M",
                                "granule: PT1M",
                                "traces: {share: 0.010, keys: [named]}"),
                        told,
                        "named"),
                contains(
                        "join led: how far a left event may be before a right one, and what comes of it",
                        "based on 1 key, drawn with share: 0.01: 20 left events and 20 right ones of event times from"
                                + " 2026-01-01T10:10:00Z to 2026-01-01T10:29:48Z, PT19M48S",
                        "",
                        "bound   right events with a left one  left events given  left events kept  bytes kept",
                        "PT10S                          5.0 %              5.0 %                17       5,859",
                        "PT30S                         55.0 %             55.0 %                51      17,576",
                        "PT1M                         100.0 %            100.0 %               101      35,152",
                        "PT2M *                       100.0 %            100.0 %               202      51,111",
                        "PT5M                         100.0 %            100.0 %               505      98,990",
                        "PT15M                        100.0 %            100.0 %             1,515     258,586",
                        "PT30M                        100.0 %            100.0 %             3,030     497,980",
                        "PT1H                         100.0 %            100.0 %             6,061     976,768",
                        "PT2H                         100.0 %            100.0 %            12,121   1,934,343",
                        "PT4H                         100.0 %            100.0 %            24,242   3,849,495",
                        "PT6H                         100.0 %            100.0 %            36,364   5,764,646",
                        "PT12H                        100.0 %            100.0 %            72,727  11,510,101",
                        "PT24H                        100.0 %            100.0 %           145,455  23,001,010",
                        "",
                        "* what the spec has: left.waits: PT5M, right.looksBack: PT2M",
                        "kept, at a time and on average, of all keys: 100 bytes of content of an event and 48 besides, 200 of a key;"
                                + " how far the watermark lags is not known, since it had not set out when events came, as where"
                                + " files are read, and is taken as nothing",
                        "left out: 1 key that traces.keys names, which were not drawn",
                        "granule: PT1M is left out of account: with it less is kept, and a bound is shorter by that at most",
                        "note: from PT5M on delays are cut off by what is told: 25.0 % of the right events came less than that"
                                + " after the first event of the traces, so left ones of theirs may be missing, and likewise right"
                                + " ones at the end",
                        "",
                        "how late events came is not known: the watermark had not set out when they came, as where files are read"));
    }

    private static JoinSpec join(String... settings) {
        return Told.join("", "looksBack: PT1H", settings);
    }

    private static String onlyTwoHours(Told told, String... settings) {
        return counts(advice(join(settings), told), "PT2H").get(0);
    }

    private static Advice advice(JoinSpec join, Told... keys) {
        List<TraceDocument> documents = new ArrayList<>();
        for (int i = 0; i < keys.length; i++) {
            documents("k-" + i, keys[i]).forEach(documents::add);
        }
        return Advice.of(join, documents);
    }

    private static List<String> text(JoinSpec join, Told told, String... others) {
        Stream<TraceDocument> documents = Stream.concat(
                documents("k", told),
                Arrays.stream(others).flatMap(key -> documents(key, new Told().left("i-1", "10:12:00"))));
        return AdviceText.of("led", join, Advice.of(join, documents.toList()));
    }

    private static Stream<TraceDocument> documents(String key, Told told) {
        return told.traces.stream().map((Trace trace) -> new TraceDocument("led", key, trace));
    }

    private static Row row(Advice advice, String bound) {
        return advice.rows().stream()
                .filter(row -> row.bound() == Duration.parse(bound).toMillis())
                .findFirst()
                .orElseThrow();
    }

    private static List<String> counts(Advice advice, String... bounds) {
        return Arrays.stream(bounds)
                .map(bound -> bound + ": " + row(advice, bound).rights() + " of "
                        + advice.basis().rights() + ", " + row(advice, bound).lefts() + " of "
                        + advice.basis().lefts())
                .toList();
    }
}
