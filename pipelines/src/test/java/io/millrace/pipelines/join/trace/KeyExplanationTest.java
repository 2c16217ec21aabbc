package io.millrace.pipelines.join.trace;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace.Step;
import java.util.List;
import org.junit.Test;

public class KeyExplanationTest {
    private static final JoinSpec FOUR_HOURS = Told.join("", "looksBack: PT4H");

    @Test
    public void tellsEverythingInTheOrderOfTheClock() {
        Told told = new Told()
                .left("i-1", "10:00:00")
                .watermark("10:07:00")
                .refused(Step.LATE, Side.LEFT, "i-2", "10:00:00")
                .right("p-1", "10:30:00")
                .watermark("10:30:01")
                .joined(Step.COMPLETE, "10:30:00", "10:00:00")
                .end()
                .left(Step.FORGOTTEN, "10:00:00");

        assertThat(
                ExplanationText.of("led", told.explanation(FOUR_HOURS)).subList(0, 8),
                contains(
                        "key k of join led: 5 traces",
                        "",
                        "at                    what           side   event time            id   watermark             behind it",
                        "2026-01-02T00:00:00Z  arrived        left   2026-01-01T10:00:00Z  i-1  start                 -",
                        "2026-01-02T00:00:01Z  late           left   2026-01-01T10:00:00Z  i-2  2026-01-01T10:07:00Z  PT7M",
                        "2026-01-02T00:00:02Z  arrived        right  2026-01-01T10:30:00Z  p-1  2026-01-01T10:07:00Z  -",
                        "2026-01-02T00:00:03Z  joined with 1  right  2026-01-01T10:30:00Z  -    2026-01-01T10:30:01Z  -",
                        "2026-01-02T00:00:04Z  forgotten      left   2026-01-01T10:00:00Z  -    end                   -"));
    }

    @Test
    public void saysHowFarOutsideTheBoundsEventsWere() {
        Told told = new Told()
                .left("i-1", "05:59:59.500")
                .left("i-2", "06:00:00")
                .left("i-3", "10:00:01")
                .right("p-1", "10:00:00")
                .end()
                .joined(Step.COMPLETE, "10:00:00", "06:00:00");

        assertThat(
                told.explained(FOUR_HOURS),
                contains(
                        "right p-1 of 10:00:00Z was given 1 left event",
                        "  given i-2 of 06:00:00Z, PT4H before it",
                        "  not given i-1 of 05:59:59.500Z: it was PT4H1S before it, PT1S too far: right.looksBack: PT4H1S would have joined them",
                        "  not given i-3 of 10:00:01Z: it was PT1S after it: right.waits: PT1S would have joined them",
                        "2 left events that no right one was given",
                        "  i-1 of 05:59:59.500Z: the next right one is p-1 of 10:00:00Z: it was PT4H1S before it, PT1S too far: right.looksBack: PT4H1S would have joined them",
                        "  i-3 of 10:00:01Z: the last right one is p-1 of 10:00:00Z: it was PT1S after it: right.waits: PT1S would have joined them"));
    }

    @Test
    public void namesAllSettingsThatAreTooShort() {
        JoinSpec join =
                Told.join("waits: PT2H, looksBack: PT3M", "looksBack: PT1H, waits: PT2M", "allowedLateness: PT1M");
        Told told = new Told()
                .left("i-1", "07:30:00")
                .left("i-2", "08:30:00")
                .left("i-3", "10:02:30")
                .left("i-4", "10:05:00")
                .right("p-1", "10:00:00")
                .end()
                .left(Step.FORGOTTEN, "07:30:00");

        assertThat(
                told.explained(join).subList(0, 5),
                contains(
                        "right p-1 of 10:00:00Z was given no left event",
                        "  not given i-1 of 07:30:00Z: it was PT2H30M before it, PT1H30M too far: left.waits: PT2H30M with right.looksBack: PT2H30M would have joined them",
                        "  not given i-2 of 08:30:00Z: it was PT1H30M before it, PT30M too far: right.looksBack: PT1H30M would have joined them",
                        "  not given i-3 of 10:02:30Z: it was PT2M30S after it, PT30S too far: right.waits: PT2M30S would have joined them",
                        "  not given i-4 of 10:05:00Z: it was PT5M after it, PT3M too far: right.waits: PT5M with left.looksBack: PT5M would have joined them"));
    }

    @Test
    public void saysHowLateEventsCame() {
        JoinSpec join = Told.join("", "looksBack: PT1H", "allowedLateness: PT2M");
        Told told = new Told()
                .right("p-1", "10:00:00")
                .watermark("10:01:40")
                .refused(Step.LATE, Side.LEFT, "i-1", "09:55:00")
                .refused(Step.LATE, Side.LEFT, "i-2", "08:55:00")
                .refused(Step.LATE, Side.LEFT, "i-3", "10:01:00")
                .refused(Step.LATE, Side.RIGHT, "p-2", "09:56:00.500")
                .watermark("10:02:01")
                .left(Step.FORGOTTEN, "09:00:00");

        assertThat(
                told.explained(join),
                contains(
                        "right p-2 of 09:56:00.500Z came late, PT5M40S behind the watermark, so it was given nothing: allowedLateness: PT5M40S would have taken it",
                        "  not given i-2 of 08:55:00Z: the right one came late, PT5M40S behind the watermark; it came late, PT1H6M40S behind the watermark; it was PT1H1M1S before it, PT1M1S too far: allowedLateness: PT1H6M40S with right.looksBack: PT1H1M1S would have joined them",
                        "  not given i-1 of 09:55:00Z: the right one came late, PT5M40S behind the watermark; it came late, PT6M40S behind the watermark: allowedLateness: PT6M40S would have joined them",
                        "  not given i-3 of 10:01:00Z: the right one came late, PT5M40S behind the watermark; it came late, when its key was settled for its time before the job was started again; it was PT5M after it",
                        "right p-1 of 10:00:00Z was given no left event",
                        "  not given i-2 of 08:55:00Z: it came late, PT1H6M40S behind the watermark; it was PT1H5M before it, PT5M too far: allowedLateness: PT1H6M40S with right.looksBack: PT1H5M would have joined them",
                        "  not given i-1 of 09:55:00Z: it came late, PT6M40S behind the watermark: allowedLateness: PT6M40S would have joined them",
                        "  not given i-3 of 10:01:00Z: it came late, when its key was settled for its time before the job was started again; it was PT1M after it",
                        "3 left events that no right one was given",
                        "  i-2 of 08:55:00Z: the next right one is p-2 of 09:56:00.500Z: the right one came late, PT5M40S behind the watermark; it came late, PT1H6M40S behind the watermark; it was PT1H1M1S before it, PT1M1S too far: allowedLateness: PT1H6M40S with right.looksBack: PT1H1M1S would have joined them",
                        "  i-1 of 09:55:00Z: the next right one is p-2 of 09:56:00.500Z: the right one came late, PT5M40S behind the watermark; it came late, PT6M40S behind the watermark: allowedLateness: PT6M40S would have joined them",
                        "  i-3 of 10:01:00Z: the last right one is p-1 of 10:00:00Z: it came late, when its key was settled for its time before the job was started again; it was PT1M after it"));
    }

    @Test
    public void saysWhichLimitHadNoRoom() {
        JoinSpec entries = Told.join("", "looksBack: PT1H", "keyEntries: 2");
        JoinSpec bytes = Told.join("", "looksBack: PT1H", "keyBytes: 250");
        Told told = new Told()
                .left("i-1", "09:30:00")
                .left("i-2", "09:40:00")
                .refused(Step.OVER_LIMIT, Side.LEFT, "i-3", "09:50:00")
                .refused(Step.OVER_LIMIT, Side.LEFT, "i-4", "09:51:00");

        assertThat(
                told.explained(entries).subList(3, 5),
                contains(
                        "  i-3 of 09:50:00Z: came over the limit of the key; no right event of the key is told of",
                        "  i-4 of 09:51:00Z: came over the limit of the key; no right event of the key is told of"));
        told.right("p-1", "10:00:00").end().joined(Step.COMPLETE, "10:00:00", "09:30:00", "09:40:00");
        assertThat(
                told.explained(entries).subList(3, 5),
                contains(
                        "  not given i-3 of 09:50:00Z: it came over the limit of the key: keyEntries: 3 would have joined them",
                        "  not given i-4 of 09:51:00Z: it came over the limit of the key: keyEntries: 4 would have joined them"));
        assertThat(
                told.explained(bytes).subList(3, 5),
                contains(
                        "  not given i-3 of 09:50:00Z: it came over the limit of the key: keyBytes: 350 would have joined them",
                        "  not given i-4 of 09:51:00Z: it came over the limit of the key: keyBytes: 450 would have joined them"));
    }

    @Test
    public void saysToWhichEarlierEventALeftOneWent() {
        JoinSpec once = Told.join("", "looksBack: PT4H", "creditOnce: true");
        Told told = new Told()
                .left("i-1", "09:00:00")
                .left("i-2", "10:30:00")
                .right("p-1", "10:00:00")
                .right("p-2", "11:00:00")
                .right("p-3", "13:30:00")
                .end()
                .joined(Step.COMPLETE, "10:00:00", "09:00:00")
                .joined(Step.COMPLETE, "11:00:00", "10:30:00");

        assertThat(
                told.explained(once),
                contains(
                        "right p-1 of 10:00:00Z was given 1 left event",
                        "  given i-1 of 09:00:00Z, PT1H before it",
                        "  not given i-2 of 10:30:00Z: it was PT30M after it: right.waits: PT30M would have joined them",
                        "right p-2 of 11:00:00Z was given 1 left event",
                        "  given i-2 of 10:30:00Z, PT30M before it",
                        "  not given i-1 of 09:00:00Z: it was given to p-1 of 10:00:00Z, the earlier one: creditOnce: false would have joined them",
                        "right p-3 of 13:30:00Z was given no left event",
                        "  not given i-1 of 09:00:00Z: it was PT4H30M before it, PT30M too far; it was given to p-1 of 10:00:00Z, the earlier one: right.looksBack: PT4H30M with creditOnce: false would have joined them",
                        "  not given i-2 of 10:30:00Z: it was given to p-2 of 11:00:00Z, the earlier one: creditOnce: false would have joined them"));
    }

    @Test
    public void saysToWhichEarlierEventALeftOneWouldHaveGone() {
        Told told = new Told()
                .left("i-1", "09:00:00")
                .right("p-1", "10:00:00")
                .right("p-2", "11:00:00")
                .end()
                .left(Step.FORGOTTEN, "09:00:00");

        assertThat(
                told.explained(Told.join("", "looksBack: PT30M", "creditOnce: true")),
                contains(
                        "right p-1 of 10:00:00Z was given no left event",
                        "  not given i-1 of 09:00:00Z: it was PT1H before it, PT30M too far: right.looksBack: PT1H would have joined them",
                        "right p-2 of 11:00:00Z was given no left event",
                        "  not given i-1 of 09:00:00Z: it was PT2H before it, PT1H30M too far; it would have gone to p-1 of 10:00:00Z, the earlier one: right.looksBack: PT2H with creditOnce: false would have joined them",
                        "1 left event that no right one was given",
                        "  i-1 of 09:00:00Z: the next right one is p-1 of 10:00:00Z: it was PT1H before it, PT30M too far: right.looksBack: PT1H would have joined them"));
    }

    @Test
    public void saysWhichOneTheCreditChose() {
        Told told = new Told()
                .left("i-0", "05:00:00")
                .left("i-1", "09:00:00")
                .left("i-3", "09:30:00")
                .left("i-2", "09:30:00")
                .right("p-1", "10:00:00")
                .end()
                .joined(Step.COMPLETE, "10:00:00", "09:30:00");

        assertThat(
                told.explained(Told.join("", "looksBack: PT4H", "credit: last")).subList(0, 5),
                contains(
                        "right p-1 of 10:00:00Z was given 1 left event",
                        "  given i-3 of 09:30:00Z, PT30M before it",
                        "  not given i-0 of 05:00:00Z: it was PT5H before it, PT1H too far; credit: last gives it one alone, which would be i-3 of 09:30:00Z: right.looksBack: PT5H with credit: all would have joined them",
                        "  not given i-1 of 09:00:00Z: credit: last gives it one alone, which would be i-3 of 09:30:00Z: credit: all would have joined them",
                        "  not given i-2 of 09:30:00Z: credit: last gives it one alone, which would be i-3 of 09:30:00Z: credit: all would have joined them"));
    }

    @Test
    public void theFirstIsChosenWhereTheBoundsAreWideEnough() {
        Told told = new Told()
                .left("i-0", "05:00:00")
                .left("i-1", "09:00:00")
                .left("i-2", "09:30:00")
                .right("p-1", "10:00:00")
                .end()
                .joined(Step.COMPLETE, "10:00:00", "09:00:00");

        assertThat(
                told.explained(Told.join("", "looksBack: PT4H", "credit: first"))
                        .subList(1, 4),
                contains(
                        "  given i-1 of 09:00:00Z, PT1H before it",
                        "  not given i-0 of 05:00:00Z: it was PT5H before it, PT1H too far: right.looksBack: PT5H would have joined them",
                        "  not given i-2 of 09:30:00Z: credit: first gives it one alone, which would be i-1 of 09:00:00Z: credit: all would have joined them"));
    }

    @Test
    public void countsDuplicatesOnce() {
        Told told = new Told()
                .left("i-1", "09:00:00")
                .left("i-1", "09:00:00")
                .right("p-1", "10:00:00")
                .right("p-1", "10:00:00")
                .right("p-1", "10:00:00")
                .end()
                .left(Step.DUPLICATE, "09:00:00")
                .joined(Step.COMPLETE, "10:00:00", "09:00:00")
                .refused(Step.LATE, Side.LEFT, "i-1", "09:00:00");

        assertThat(
                told.explained(FOUR_HOURS),
                contains(
                        "right p-1 of 10:00:00Z was given 1 left event, which came 3 times and counts once",
                        "  given i-1 of 09:00:00Z, PT1H before it, which came 3 times and counts once"));
    }

    @Test
    public void knowsTwoThatCameInOneMomentByTheirBeingDuplicates() {
        Told told = new Told().left("i-1", "09:00:00").left(Step.DUPLICATE, "09:00:00");

        assertThat(
                told.explained(FOUR_HOURS),
                contains(
                        "1 left event that no right one was given",
                        "  i-1 of 09:00:00Z, which came 2 times and counts once: no right event of the key is told of"));
    }

    @Test
    public void saysWhatIsNotDecidedYet() {
        JoinSpec join = Told.join("", "looksBack: PT4H", "allowedLateness: PT1M");
        Told told = new Told()
                .watermark("09:00:00")
                .left("i-1", "09:30:00")
                .left("i-2", "05:00:00")
                .right("p-1", "10:00:00");

        assertThat(
                told.explained(join),
                contains(
                        "right p-1 of 10:00:00Z waits until the watermark is 10:01:00.001Z, so far with no left event",
                        "  not given i-2 of 05:00:00Z: it was PT5H before it, PT1H too far: right.looksBack: PT5H would have joined them",
                        "  not given i-1 of 09:30:00Z: it may still be given, when the watermark is 10:01:00.001Z",
                        "2 left events that no right one was given",
                        "  i-2 of 05:00:00Z: the next right one is p-1 of 10:00:00Z: it was PT5H before it, PT1H too far: right.looksBack: PT5H would have joined them",
                        "  i-1 of 09:30:00Z: the next right one is p-1 of 10:00:00Z: it may still be given, when the watermark is 10:01:00.001Z"));
    }

    @Test
    public void theLastResultOfARightEventCounts() {
        JoinSpec match = Told.join("", "looksBack: PT4H", "emit: match");
        Told told = new Told()
                .left("i-1", "09:00:00")
                .right("p-1", "10:00:00")
                .joined(Step.EARLY, "10:00:00", "09:00:00")
                .left("i-2", "09:10:00");
        assertThat(
                told.explained(match).subList(0, 3),
                contains(
                        "right p-1 of 10:00:00Z waits until the watermark is 10:00:00.001Z, so far with 1 left event",
                        "  given i-1 of 09:00:00Z, PT1H before it",
                        "  not given i-2 of 09:10:00Z: it may still be given, when the watermark is 10:00:00.001Z"));

        told.watermark("10:01:00").joined(Step.CORRECTION, "10:00:00", "09:00:00", "09:10:00");

        assertThat(
                told.explained(match),
                contains(
                        "right p-1 of 10:00:00Z was given 2 left events",
                        "  given i-1 of 09:00:00Z, PT1H before it",
                        "  given i-2 of 09:10:00Z, PT50M before it"));
    }

    @Test
    public void rightEventsOfOneTimeHaveTheirOwnResultsWhereALeftOneIsGivenOnce() {
        Told told = new Told()
                .left("i-1", "09:00:00")
                .right("p-2", "10:00:00")
                .right("p-1", "10:00:00")
                .end()
                .joined(Step.COMPLETE, "10:00:00", "09:00:00")
                .joined(Step.UNMATCHED, "10:00:00");

        assertThat(
                told.explained(Told.join("", "looksBack: PT4H", "creditOnce: true", "type: rightOuter")),
                contains(
                        "right p-1 of 10:00:00Z was given 1 left event",
                        "  given i-1 of 09:00:00Z, PT1H before it",
                        "right p-2 of 10:00:00Z was given no left event",
                        "  not given i-1 of 09:00:00Z: it was given to p-1 of 10:00:00Z, the earlier one: creditOnce: false would have joined them"));
        told.traces.remove(4);
        assertThat(
                told.joined(Step.COMPLETE, "10:00:00", "09:00:00").explained(FOUR_HOURS),
                contains(
                        "right p-1 of 10:00:00Z was given 1 left event",
                        "  given i-1 of 09:00:00Z, PT1H before it",
                        "right p-2 of 10:00:00Z was given 1 left event",
                        "  given i-1 of 09:00:00Z, PT1H before it"));
    }

    @Test
    public void anEntryOfAGranuleStandsForItsLeftEvents() {
        JoinSpec granules = Told.join("", "looksBack: PT1H", "granule: PT10M");
        Told told = new Told()
                .left("i-1", "08:59:59")
                .left("i-2", "09:01:00")
                .left("i-3", "09:09:00")
                .left("i-4", "09:12:00")
                .right("p-1", "10:05:00")
                .right("p-2", "10:00:00")
                .end()
                .joined(Step.COMPLETE, "10:00:00", "09:01:00", "09:12:00")
                .joined(Step.COMPLETE, "10:05:00", "09:12:00");

        assertThat(
                told.explained(granules),
                contains(
                        "right p-2 of 10:00:00Z was given 3 left events",
                        "  given i-2 of 09:01:00Z, PT59M before it",
                        "  given i-3 of 09:09:00Z, PT51M before it",
                        "  given i-4 of 09:12:00Z, PT48M before it",
                        "  not given i-1 of 08:59:59Z: it was PT1H1S before it, counted from the beginning of its granule PT1H10M, PT10M too far: right.looksBack: PT1H10M would have joined them",
                        "right p-1 of 10:05:00Z was given 1 left event",
                        "  given i-4 of 09:12:00Z, PT53M before it",
                        "  not given i-1 of 08:59:59Z: it was PT1H5M1S before it, counted from the beginning of its granule PT1H15M, PT15M too far: right.looksBack: PT1H15M would have joined them",
                        "  not given i-2 of 09:01:00Z: it was PT1H4M before it, counted from the beginning of its granule PT1H5M, PT5M too far: right.looksBack: PT1H5M would have joined them",
                        "  not given i-3 of 09:09:00Z: it was PT56M before it, counted from the beginning of its granule PT1H5M, PT5M too far: right.looksBack: PT1H5M would have joined them",
                        "1 left event that no right one was given",
                        "  i-1 of 08:59:59Z: the next right one is p-2 of 10:00:00Z: it was PT1H1S before it, counted from the beginning of its granule PT1H10M, PT10M too far: right.looksBack: PT1H10M would have joined them"));
    }

    @Test
    public void saysWhatIsNotTold() {
        Told told = new Told()
                .left("i-1", "09:00:00")
                .right("p-1", "10:00:00")
                .end()
                .joined(Step.COMPLETE, "10:00:00", "08:30:00");

        assertThat(
                told.explained(FOUR_HOURS).subList(0, 3),
                contains(
                        "right p-1 of 10:00:00Z was given 1 left event",
                        "  given one of 08:30:00Z, of which it is not told that it came",
                        "  not given i-1 of 09:00:00Z: by the spec as it is it would have been given: the job that told this had another spec, or not everything is told"));
    }

    @Test
    public void bothEventsMayHaveComeOverTheLimit() {
        Told told = new Told()
                .left("i-1", "09:30:00")
                .left("i-2", "09:40:00")
                .refused(Step.OVER_LIMIT, Side.LEFT, "i-3", "09:50:00")
                .refused(Step.OVER_LIMIT, Side.RIGHT, "p-1", "10:00:00");

        assertThat(
                told.explained(Told.join("", "looksBack: PT1H", "keyEntries: 2")),
                hasItem(
                        "  not given i-3 of 09:50:00Z: the right one came over the limit of the key; it came over the limit of the key:"
                                + " keyEntries: 4 would have joined them"));
    }

    @Test
    public void tellsOneByOneOfTheNearest() {
        Told told = new Told().right("p-1", "10:00:00");
        for (int minute = 10; minute < 35; minute++) {
            told.left("i-" + minute, "11:" + minute + ":00");
        }

        List<String> lines = told.end().left(Step.FORGOTTEN, "11:10:00").explained(FOUR_HOURS);

        assertThat(
                lines.subList(20, 22),
                contains(
                        "  not given i-29 of 11:29:00Z: it was PT1H29M after it: right.waits: PT1H29M would have joined them",
                        "  not given 5 others, further away: --json tells of each"));
    }

    @Test
    public void saysItAsJson() throws JsonProcessingException {
        Told told = new Told()
                .left("i-1", "05:00:00")
                .left("i-2", "06:00:00")
                .right("p-1", "10:00:00")
                .end()
                .joined(Step.COMPLETE, "10:00:00", "06:00:00");
        ObjectMapper json = new ObjectMapper();

        assertThat(json.readTree(ExplanationJson.of("led", told.explanation(FOUR_HOURS))), is(json.readTree("""
                {"join": "led", "key": "k",
                 "traces": [
                  {"at": "2026-01-02T00:00:00Z", "step": "taken", "side": "left", "time": "2026-01-01T05:00:00Z", "id": "i-1",
                   "watermark": "start", "lefts": []},
                  {"at": "2026-01-02T00:00:01Z", "step": "taken", "side": "left", "time": "2026-01-01T06:00:00Z", "id": "i-2",
                   "watermark": "start", "lefts": []},
                  {"at": "2026-01-02T00:00:02Z", "step": "taken", "side": "right", "time": "2026-01-01T10:00:00Z", "id": "p-1",
                   "watermark": "start", "lefts": []},
                  {"at": "2026-01-02T00:00:03Z", "step": "complete", "side": "right", "time": "2026-01-01T10:00:00Z", "id": "",
                   "watermark": "end", "lefts": ["2026-01-01T06:00:00Z"]}],
                 "rights": [
                  {"time": "2026-01-01T10:00:00Z", "id": "p-1", "fate": "taken", "arrivals": 1,
                   "outcome": "was given 1 left event",
                   "given": [{"time": "2026-01-01T06:00:00Z", "id": "i-2", "fate": "taken", "arrivals": 1}],
                   "notGiven": [
                    {"time": "2026-01-01T05:00:00Z", "id": "i-1", "fate": "taken", "arrivals": 1,
                     "why": "it was PT5H before it, PT1H too far: right.looksBack: PT5H would have joined them",
                     "wouldHave": {"right.looksBack": "PT5H"}}]}],
                 "givenToNone": [
                  {"time": "2026-01-01T05:00:00Z", "id": "i-1", "fate": "taken", "arrivals": 1,
                   "nearest": {"time": "2026-01-01T10:00:00Z", "id": "p-1", "fate": "taken", "arrivals": 1},
                   "why": "it was PT5H before it, PT1H too far: right.looksBack: PT5H would have joined them",
                   "wouldHave": {"right.looksBack": "PT5H"}}]}""")));
    }
}
