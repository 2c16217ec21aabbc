package io.millrace.transforms.enricher;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.enricher.Enriched.From;
import io.millrace.transforms.enricher.Unenriched.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.PaneInfo.Timing;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Test;

public class EnrichedCoderTest {
    private static final Coder<Enriched<String, String>> ENRICHED =
            EnrichedCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());
    private static final Coder<Unenriched<String>> UNENRICHED = UnenrichedCoder.of(StringUtf8Coder.of());

    private static Enriched<String, String> enriched(String value, From from) {
        return new Enriched<>("input", value, Instant.ofEpochMilli(300), Duration.ofMillis(5), from);
    }

    @Test
    public void encodesAsItAlwaysDid() throws Exception {
        assertEncoded("0105696e707574010576616c7565ac020500", ENRICHED, enriched("value", From.CALL));
        assertEncoded("0105696e70757400ac020504", ENRICHED, enriched(null, From.CHANGELOG));
        assertEncoded("0105696e7075740303776879", UNENRICHED, new Unenriched<>("input", Reason.MISSING, "why"));
    }

    private static <T> void assertEncoded(String hex, Coder<T> coder, T value) throws Exception {
        assertThat(HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, value)), is(hex));
        assertThat(CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex(hex)), is(value));
    }

    @Test
    public void decodesWhatItEncoded() throws Exception {
        for (From from : From.values()) {
            CoderProperties.coderDecodeEncodeEqual(ENRICHED, enriched("value", from));
        }
        for (Reason reason : Reason.values()) {
            CoderProperties.coderDecodeEncodeEqual(UNENRICHED, new Unenriched<>("input", reason, "why"));
        }
        PaneInfo pane = PaneInfo.createPane(false, true, Timing.LATE, 3, 2);
        Coder<Settled<String, String>> settled = new SettledCoder<>(ENRICHED, UNENRICHED);
        for (Settled<String, String> one : Arrays.asList(
                new Settled<>(enriched("value", From.CACHE), null, pane),
                new Settled<String, String>(null, new Unenriched<>("input", Reason.REFUSED, "why"), pane))) {
            CoderProperties.coderDecodeEncodeEqual(settled, one);
        }
        CoderProperties.coderSerializable(settled);
    }

    @Test
    public void refusesAnotherVersion() {
        CoderException failure =
                assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(ENRICHED, new byte[] {2}));
        assertThat(failure.getMessage(), is("enriched must be of version 1, but was of version 2"));
    }
}
