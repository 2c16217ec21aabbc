package io.millrace.io.kafka;

import static io.millrace.io.kafka.PartitionProgress.NONE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.Test;

public class PartitionProgressTest {
    private static final long NO_STOP = Long.MAX_VALUE;
    private static final long NOON = 1_769_860_800_000L;

    @Test
    public void handsOutWhatLiesBeforeTheStopAndIsFinishedOnceThatIsConsumed() {
        PartitionProgress progress = new PartitionProgress(2, NO_STOP);

        assertThat(offsets(progress.handOut(records(0, 1, 2, 3), 4)), contains(0L, 1L));
        assertThat(progress.isExhausted(), is(true));
        assertThat(progress.isFinished(0), is(false));
        assertThat(progress.isFinished(1), is(true));
    }

    @Test
    public void isFinishedBehindAStopThatNoRecordReaches() {
        PartitionProgress progress = new PartitionProgress(5, NO_STOP);

        progress.handOut(records(0, 1), 2);
        assertThat(progress.isFinished(1), is(false));

        progress.handOut(List.of(), 5);
        assertThat(progress.isFinished(1), is(true));
    }

    @Test
    public void isFinishedAtOnceWhereThereIsNothingToRead() {
        PartitionProgress progress = new PartitionProgress(0, NO_STOP);
        assertThat(progress.isFinished(NONE), is(false));

        progress.handOut(List.of(), 0);
        assertThat(progress.isFinished(NONE), is(true));
    }

    @Test
    public void keepsItsPositionWhileTheClientDoesNotKnowIt() {
        PartitionProgress progress = new PartitionProgress(2, NO_STOP);
        progress.handOut(records(0, 1), 2);
        progress.handOut(List.of(), NONE);

        assertThat(progress.isFinished(1), is(true));
    }

    @Test
    public void endsBeforeTheFirstRecordAtTheStopsTime() {
        PartitionProgress progress = new PartitionProgress(NO_STOP, NOON + 2);

        assertThat(offsets(progress.handOut(records(0, 1, 2, 1), 4)), contains(0L, 1L));
        assertThat(progress.isFinished(1), is(true));
    }

    @Test
    public void endsWithoutSuchARecordOnceAllIsReadThatThePartitionHeldAfterTheStopsTime() {
        PartitionProgress progress = new PartitionProgress(NO_STOP, NOON + 1000);
        progress.handOut(records(0, 1), 2);

        progress.observeEnd(2, NOON + 999);
        assertThat(progress.isFinished(1), is(false));

        progress.observeEnd(3, NOON + 1000);
        assertThat(progress.isFinished(1), is(false));

        progress.handOut(records(2), 3);
        assertThat(progress.isFinished(1), is(false));
        assertThat(progress.isFinished(2), is(true));
    }

    @Test
    public void handsNothingOutOnceFinished() {
        PartitionProgress progress = new PartitionProgress(NO_STOP, NO_STOP);
        progress.finish();

        assertThat(progress.handOut(records(0), 1), is(empty()));
        assertThat(progress.isFinished(NONE), is(true));
    }

    @Test
    public void isCaughtUpWhenTheObservedEndIsReachedAndEverythingHandedOutIsConsumed() {
        PartitionProgress progress = new PartitionProgress(NO_STOP, NO_STOP);
        assertThat(progress.caughtUpAt(NONE), is(NONE));

        progress.handOut(records(0, 1), 2);
        assertThat(progress.caughtUpAt(1), is(NONE));

        progress.observeEnd(3, NOON);
        assertThat(progress.caughtUpAt(1), is(NONE));

        progress.handOut(List.of(), 3);
        assertThat(progress.caughtUpAt(0), is(NONE));
        assertThat(progress.caughtUpAt(1), is(NOON));
    }

    /** Records at offsets, each as many milliseconds after noon. */
    private static List<ConsumerRecord<byte[], byte[]>> records(long... offsets) {
        return LongStream.of(offsets).mapToObj(PartitionProgressTest::record).toList();
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return new ConsumerRecord<>(
                "plays",
                0,
                offset,
                NOON + offset,
                TimestampType.CREATE_TIME,
                0,
                0,
                null,
                null,
                new RecordHeaders(),
                Optional.empty());
    }

    private static List<Long> offsets(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(ConsumerRecord::offset).toList();
    }
}
