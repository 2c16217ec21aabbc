package io.millrace.io.kafka;

import static io.millrace.io.kafka.Deduplicate.Verdict.CORRECTION;
import static io.millrace.io.kafka.Deduplicate.Verdict.NEW;
import static io.millrace.io.kafka.Deduplicate.Verdict.REPEAT;
import static io.millrace.io.kafka.Deduplicate.Verdict.RETRACTION;
import static io.millrace.io.kafka.Deduplicate.Verdict.STALE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.kafka.Deduplicate.Verdict;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.Test;

/** What each record of a partition is to a consumer. */
public class DeduplicateTest {
    private static final String REPLAY = "millrace-replay";
    private static final String UNORDERED = "millrace-unordered";
    private static final String RETRACTS = "millrace-retracts";

    private Deduplicate deduplicate = Deduplicate.fromTheStart();

    @Test
    public void passesOverWhatItHasSeenOfAnInputPartition() {
        judges(NEW, result(5), 0);
        judges(NEW, result(6), 0);
        judges(REPEAT, result(5), 0);
        judges(REPEAT, result(6), 0);
        judges(NEW, result(9), 0);
    }

    @Test
    public void passesOverWhatComesBehindLaterOnesThoughItHasNotSeenIt() {
        judges(NEW, result(6), 0);
        judges(REPEAT, result(5), 0);
    }

    @Test
    public void knowsInputPartitionsStreamsAndRoutesApart() {
        judges(NEW, result(6), 0);
        judges(NEW, ResultId.of(new Origin("cluster/plays", 1, 5)).madeBy("long-plays"), 0);
        judges(NEW, ResultId.of(new Origin("cluster/trailers", 0, 5)).madeBy("long-plays"), 0);
        judges(NEW, result(5).madeBy("short-plays"), 0);
    }

    @Test
    public void keepsEachOfSeveralResultsOfAnEvent() {
        judges(NEW, result(5).madeBy("explode", 0), 0);
        judges(NEW, result(5).madeBy("explode", 1), 0);
        judges(REPEAT, result(5).madeBy("explode", 0), 0);
    }

    @Test
    public void tellsWhatAReplayWroteByItsIdentity() {
        judges(NEW, result(6), 0);
        judges(NEW, result(5), 0, REPLAY);
        judges(REPEAT, result(5), 0, REPLAY);
        judges(NEW, result(9), 0, REPLAY);
        judges(NEW, result(8), 0);
        judges(REPEAT, result(9), 0);
    }

    @Test
    public void tellsWhatComesInNoOrderByItsIdentity() {
        judges(NEW, result(6), 0, UNORDERED);
        judges(NEW, result(5), 0, UNORDERED);
        judges(REPEAT, result(6), 0, UNORDERED);
    }

    @Test
    public void takesWhatAHigherEpochMakesAgainForACorrectionUntilThatIsBeyondTheOneBefore() {
        judges(NEW, result(5), 0);
        judges(NEW, result(7), 0);
        judges(CORRECTION, result(5), 1);
        judges(CORRECTION, result(6), 1);
        judges(REPEAT, result(5), 1);
        judges(NEW, result(8), 1);
        judges(CORRECTION, result(4), 2);
    }

    @Test
    public void passesOverWhatALowerEpochWritesWhenAHigherOneHasBegun() {
        judges(NEW, result(5), 0);
        judges(CORRECTION, result(4), 1);
        judges(STALE, result(6), 0);
        judges(STALE, result(4), 0);
        judges(REPEAT, result(3), 0);
        judges(CORRECTION, result(5), 1);
    }

    @Test
    public void passesOverWhatComesInNoOrderOfALowerEpochThoughItHasNotSeenIt() {
        judges(NEW, result(5), 0, UNORDERED);
        judges(CORRECTION, result(5), 1, UNORDERED);
        judges(STALE, result(6), 0, UNORDERED);
        judges(STALE, result(5), 0, UNORDERED);
    }

    @Test
    public void knowsAJoinsResultByBothOfItsOrigins() {
        judges(NEW, joined(5, 1), 0, UNORDERED);
        judges(NEW, joined(5, 2), 0, UNORDERED);
        judges(REPEAT, joined(5, 1), 0, UNORDERED);
        judges(CORRECTION, joined(5, 2), 1, UNORDERED);
    }

    @Test
    public void takesEachStageOfAJoinsResultOnce() {
        judges(NEW, stage("early", 0));
        judges(CORRECTION, stage("correction", 0));
        judges(REPEAT, stage("early", 0));
        judges(REPEAT, stage("correction", 0));
        judges(CORRECTION, stage("early", 1));
        judges(RETRACTION, stage("retraction", 1));
        judges(REPEAT, stage("early", 1));
        judges(STALE, stage("correction", 0));
    }

    @Test
    public void aRetractionCountsUntilAHigherEpochHasReadTheEventAgain() {
        judges(NEW, result(5), 0);
        judges(CORRECTION, result(4), 1);
        judges(NEW, result(9), 1);
        judges(RETRACTION, result(5), 1, RETRACTS);
        judges(RETRACTION, result(5), 1, RETRACTS);
        judges(STALE, result(5), 0);
        judges(CORRECTION, result(5), 2);
        judges(STALE, result(5), 1, RETRACTS);
        judges(RETRACTION, result(3), 1, RETRACTS);
    }

    @Test
    public void aRetractionSaysThatAHigherEpochHasComeWhichHasWrittenNothingElse() {
        judges(NEW, result(5), 0);
        judges(RETRACTION, result(5), 1, RETRACTS);
        judges(STALE, result(6), 0);
        judges(NEW, result(6), 1);
    }

    @Test
    public void whatWasRetractedIsBackWhenItIsMadeLaterThoughNotByAnOldReplay() {
        judges(NEW, result(5), 0, REPLAY);
        judges(NEW, result(6), 0);
        judges(RETRACTION, result(5), 1, RETRACTS);
        judges(STALE, result(5), 0, REPLAY);
        judges(CORRECTION, result(5), 1, REPLAY);
        judges(REPEAT, result(5), 1, REPLAY);
    }

    @Test
    public void whatWasRetractedInNoOrderIsBackWhenItIsMadeLater() {
        judges(NEW, result(5), 0, UNORDERED);
        judges(RETRACTION, result(5), 1, RETRACTS, UNORDERED);
        judges(STALE, result(5), 0, UNORDERED);
        judges(CORRECTION, result(5), 1, UNORDERED);
        judges(REPEAT, result(5), 1, UNORDERED);
    }

    @Test
    public void aReplayInALowerEpochCountsForEventsThatWereNotReadAgain() {
        judges(NEW, result(9), 0);
        judges(CORRECTION, result(6), 1);
        judges(NEW, result(5), 0, REPLAY);
        judges(STALE, result(7), 0, REPLAY);
        judges(NEW, result(7), 1, REPLAY);
        judges(STALE, result(7), 0, REPLAY);
        judges(CORRECTION, result(7), 2);
    }

    @Test
    public void whatARestatementWritesOfEventsThatHavePassedIsACorrection() {
        judges(NEW, result(5), 0);
        judges(NEW, result(9), 0);
        judges(CORRECTION, result(5), 1, REPLAY);
        judges(REPEAT, result(5), 1, REPLAY);
        judges(NEW, result(12), 1, REPLAY);
        judges(NEW, result(10), 0);
        judges(NEW, result(4), 0, REPLAY);
    }

    @Test
    public void whatHasNoHeadersOfAResultIsNewEachTime() {
        Headers foreign = new RecordHeaders().add("millrace-id", "play-7".getBytes(UTF_8));
        for (int time = 0; time < 2; time++) {
            assertThat(deduplicate.judge(new RecordHeaders()), is(NEW));
            assertThat(deduplicate.judge(foreign), is(NEW));
        }
    }

    @Test
    public void aResultWithoutAnEpochIsOfTheFirst() {
        Headers headers =
                new RecordHeaders().add("millrace-id", result(5).toString().getBytes(UTF_8));
        assertThat(deduplicate.judge(headers), is(NEW));
        judges(REPEAT, result(5), 0);
    }

    @Test
    public void goesOnFromItsMarks() {
        judges(NEW, result(5), 0);
        judges(NEW, result(9), 0);
        judges(CORRECTION, result(4), 1);
        judges(NEW, stage("early", 1));
        judges(NEW, result(3), 1, REPLAY);
        judges(RETRACTION, result(3), 1, RETRACTS);

        deduplicate = Deduplicate.goingOnFrom(deduplicate.marks());

        judges(REPEAT, result(4), 1);
        judges(STALE, result(9), 0);
        judges(CORRECTION, result(9), 1);
        judges(REPEAT, stage("early", 1));
        judges(CORRECTION, result(3), 1, REPLAY);
    }

    @Test
    public void itsMarksHaveAFormThatNeverChanges() {
        judges(NEW, result(5), 0);
        judges(NEW, result(9).madeBy("long-plays", 2), 0);
        judges(CORRECTION, result(4), 1);
        judges(NEW, joined(1, 2), 1, UNORDERED);
        judges(NEW, result(7), 1, REPLAY);
        judges(RETRACTION, result(7), 1, RETRACTS);

        assertThat(deduplicate.marks(), is("""
                millrace-marks 1
                id cluster/impressions:0:1+cluster/plays:0:2;led;0 1 COMPLETE
                id cluster/plays:0:7;long-plays;0 1 -
                mark cluster/impressions:0:1;led;0 1 -1/-1 -1/-1
                mark cluster/plays:0:4;long-plays;0 1 4/0 9/2"""));
    }

    @Test
    public void saysWhatIsWrongWithMarks() {
        refuses("", "marks must begin with 'millrace-marks 1', but were ''");
        refuses("millrace-marks 1\nnote", "a line of marks must be one of a mark or an id, but was 'note'");
        refuses(
                "millrace-marks 1\nmark cluster/plays:0:4;long-plays;0 1 4 9/2",
                "a position must be <offset>/<ordinal>, but was '4'");
    }

    @Test
    public void forgetsIdentitiesAndKeepsMarks() {
        judges(NEW, result(5), 0);
        judges(NEW, result(2), 0, REPLAY);
        judges(NEW, result(3), 0, REPLAY);

        deduplicate.forget(id -> id.origin().offset() < 3);

        judges(NEW, result(2), 0, REPLAY);
        judges(REPEAT, result(3), 0, REPLAY);
        judges(REPEAT, result(5), 0);
    }

    private void refuses(String marks, String message) {
        Exception refusal = assertThrows(IllegalArgumentException.class, () -> Deduplicate.goingOnFrom(marks));
        assertThat(refusal.getMessage(), is(message));
    }

    private void judges(Verdict verdict, ResultId id, long epoch, String... further) {
        judges(verdict, headers(id, epoch, further));
    }

    private void judges(Verdict verdict, Headers headers) {
        assertThat(headers.toString(), deduplicate.judge(headers), is(verdict));
    }

    private static Headers stage(String stage, long epoch) {
        return headers(result(20).madeBy("led"), epoch, UNORDERED).add("millrace-stage", stage.getBytes(UTF_8));
    }

    private static Headers headers(ResultId id, long epoch, String... further) {
        Headers headers = new RecordHeaders()
                .add("millrace-id", id.toString().getBytes(UTF_8))
                .add("millrace-epoch", Long.toString(epoch).getBytes(UTF_8));
        for (String name : further) {
            headers.add(name, "true".getBytes(UTF_8));
        }
        return headers;
    }

    private static ResultId result(long offset) {
        return ResultId.of(new Origin("cluster/plays", 0, offset)).madeBy("long-plays");
    }

    private static ResultId joined(long impression, long play) {
        return new ResultId(
                List.of(new Origin("cluster/impressions", 0, impression), new Origin("cluster/plays", 0, play)),
                "led",
                0);
    }
}
