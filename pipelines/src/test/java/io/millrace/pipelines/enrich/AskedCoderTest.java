package io.millrace.pipelines.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Test;

/** Events that wait for a changelog are in savepoints: they are read as they were written. */
public class AskedCoderTest {
    @Test
    public void encodesAsItAlwaysDid() throws Exception {
        Asked asked = new Asked(Event.of(new Origin("c/plays", 1, 300), null, "{}".getBytes(UTF_8)), "p-1");
        String hex = "0101010107632f706c61797301ac02000000037b7d0003702d31";

        assertThat(HexFormat.of().formatHex(CoderUtils.encodeToByteArray(AskedCoder.of(), asked)), is(hex));
        assertThat(
                CoderUtils.decodeFromByteArray(AskedCoder.of(), HexFormat.of().parseHex(hex)), is(asked));
    }

    @Test
    public void refusesAnotherVersion() {
        CoderException failure = assertThrows(
                CoderException.class, () -> CoderUtils.decodeFromByteArray(AskedCoder.of(), new byte[] {2}));
        assertThat(failure.getMessage(), is("asked event must be of version 1, but was of version 2"));
    }
}
