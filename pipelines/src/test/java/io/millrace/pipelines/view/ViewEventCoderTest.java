package io.millrace.pipelines.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Test;

/** Events of a view are on their way between steps while a savepoint is taken: they are read as they were written. */
public class ViewEventCoderTest {
    private static final Event EVENT = Event.of(new Origin("c/assets", 1, 300), null, "{}".getBytes(UTF_8));

    @Test
    public void encodesAsItAlwaysDid() throws Exception {
        ViewEvent event = new ViewEvent(2, EVENT);
        String hex = "0102" + "01010108632f61737365747301ac02000000037b7d00";

        assertThat(HexFormat.of().formatHex(CoderUtils.encodeToByteArray(ViewEventCoder.of(), event)), is(hex));
        assertThat(
                CoderUtils.decodeFromByteArray(
                        ViewEventCoder.of(), HexFormat.of().parseHex(hex)),
                is(event));
        CoderProperties.coderDecodeEncodeEqual(ViewEventCoder.of(), new ViewEvent(0, EVENT));
        CoderProperties.coderSerializable(ViewEventCoder.of());
        ViewEventCoder.of().verifyDeterministic();
    }

    @Test
    public void refusesAnotherVersion() {
        CoderException failure = assertThrows(
                CoderException.class, () -> CoderUtils.decodeFromByteArray(ViewEventCoder.of(), new byte[] {2}));
        assertThat(failure.getMessage(), is("view event must be of version 1, but was of version 2"));
    }
}
