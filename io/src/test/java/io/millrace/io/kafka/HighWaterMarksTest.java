package io.millrace.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import org.junit.Test;

/** Which records of a partition a consumer drops. */
public class HighWaterMarksTest {
    private static final String EPOCH = "0";

    private final HighWaterMarks marks = new HighWaterMarks();

    @Test
    public void dropsWhatItHasSeenOfAnInputPartition() {
        keeps(result(0, 5));
        keeps(result(0, 6));
        drops(result(0, 5));
        drops(result(0, 6));
        keeps(result(0, 9));
    }

    @Test
    public void dropsWhatComesBehindLaterOnesThoughItHasNotSeenIt() {
        keeps(result(0, 6));
        drops(result(0, 5));
    }

    @Test
    public void knowsInputPartitionsAndEpochsApart() {
        keeps(result(0, 6));
        keeps(result(1, 5));
        assertThat(marks.drop(result(0, 5), "1", false), is(false));
    }

    @Test
    public void keepsEachOfSeveralResultsOfAnEvent() {
        keeps(result(0, 5).madeBy("explode", 0));
        keeps(result(0, 5).madeBy("explode", 1));
        drops(result(0, 5).madeBy("explode", 0));
    }

    @Test
    public void tellsWhatAReplayWroteByItsIdentity() {
        keeps(result(0, 6));
        assertThat(marks.drop(result(0, 5), EPOCH, true), is(false));
        assertThat(marks.drop(result(0, 5), EPOCH, true), is(true));
        assertThat(marks.drop(result(0, 9), EPOCH, true), is(false));
        keeps(result(0, 8));
        drops(result(0, 9));
    }

    @Test
    public void tellsWhatComesInNoOrderByItsIdentity() {
        assertThat(marks.drop(result(0, 6), EPOCH, true), is(false));
        assertThat(marks.drop(result(0, 5), EPOCH, true), is(false));
        assertThat(marks.drop(result(0, 6), EPOCH, true), is(true));
    }

    private void keeps(ResultId id) {
        assertThat("drops " + id, marks.drop(id, EPOCH, false), is(false));
    }

    private void drops(ResultId id) {
        assertThat("drops " + id, marks.drop(id, EPOCH, false), is(true));
    }

    private static ResultId result(int partition, long offset) {
        return ResultId.of(new Origin("cluster/plays", partition, offset)).madeBy("long-plays");
    }
}
