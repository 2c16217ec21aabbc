package io.millrace.io.objects;

import static io.millrace.io.objects.Samples.play;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.google.common.io.BaseEncoding;
import java.util.List;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Test;

/** Holds the bytes of what is in checkpoints: a changed coder would read old ones wrongly, and silently. */
public class StateCodersTest {
    private static final Offsets OFFSETS = Offsets.of(List.of(new Offsets.Range("s/t", 3, 5, 300, 7)));

    @Test
    public void writesASlotInVersionOne() throws CoderException {
        holds(Slot.CODER, new Slot(joda(NOON), 3), "0180acb7cbb73303");
    }

    @Test
    public void writesHowFarWindowsAreClosedInVersionOne() throws CoderException {
        holds(ClosedUntil.CODER, new ClosedUntil(joda(NOON)), "018000019b796dd600");
    }

    @Test
    public void writesAWindowsProgressInVersionOne() throws CoderException {
        holds(WindowProgress.CODER, new WindowProgress(true, false, true, false, 300), "0105ac02");
        holds(WindowProgress.CODER, new WindowProgress(true, true, true, true, 300), "010fac02");
    }

    @Test
    public void writesPendingBytesInVersionOne() throws CoderException {
        holds(PendingBytes.CODER, new PendingBytes(300), "01ac02");
    }

    @Test
    public void writesOffsetsInVersionOne() throws CoderException {
        holds(Offsets.CODER, OFFSETS, "010103732f740305ac0207");
    }

    @Test
    public void writesBatchesInVersionTwo() throws CoderException {
        holds(
                Batches.CODER,
                new Batches("run-1", 3, 1, 2, 300, OFFSETS),
                "020572756e2d31030102ac02010103732f740305ac0207");
    }

    @Test
    public void writesABlockOfLinesInVersionOne() throws CoderException {
        holds(
                LineBlock.CODER,
                LineBlock.of(List.of(Line.of(play(1)))),
                "012b01010b6c6f63616c2f706c61797300010a6c6f6e672d706c617973000e7b22706c6179223a22302d31227d");
    }

    @Test
    public void writesABatchOfEventsInVersionOne() throws CoderException {
        holds(
                EventBatch.CODER,
                new EventBatch(joda(NOON), List.of(new EventBatch.Timed(play(1), joda(NOON)))),
                "018000019b796dd600018000019b796dd6000101010b6c6f63616c2f706c61797300010a6c6f6e672d706c6179730004"
                        + "6b65790f7b22706c6179223a22302d31227d0101680276");
    }

    @Test
    public void refusesAnotherVersion() {
        CoderException failure = assertThrows(
                CoderException.class, () -> CoderUtils.decodeFromByteArray(Slot.CODER, new byte[] {2, 0, 0}));

        assertThat(failure.getMessage(), is("slot must be of version 1, but was of version 2"));
    }

    private static <T> void holds(StateCoder<T> coder, T value, String hex) throws CoderException {
        assertThat(BaseEncoding.base16().lowerCase().encode(CoderUtils.encodeToByteArray(coder, value)), is(hex));
        assertThat(
                CoderUtils.decodeFromByteArray(
                        coder, BaseEncoding.base16().lowerCase().decode(hex)),
                is(value));
    }
}
