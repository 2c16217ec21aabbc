package io.millrace.io.sink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.google.common.io.BaseEncoding;
import java.util.Map;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Test;

/** Holds the bytes by which what a sink holds is grouped. */
public class HeldCoderTest {

    @Test
    public void writesWhatIsHeldInVersionOne() throws CoderException {
        Map<Held, String> encoded = Map.of(
                Held.each("k", "n"), "01016b0000016e",
                Held.each("k", "n").dropped(), "01016b0001016e",
                Held.newest("k", 299, "n").deleted(), "01016bac0202016e");
        for (Map.Entry<Held, String> one : encoded.entrySet()) {
            byte[] bytes = CoderUtils.encodeToByteArray(HeldCoder.of(), one.getKey());
            assertThat(BaseEncoding.base16().lowerCase().encode(bytes), is(one.getValue()));
            assertThat(CoderUtils.decodeFromByteArray(HeldCoder.of(), bytes), is(one.getKey()));
        }
    }

    @Test
    public void refusesAnotherVersion() {
        CoderException refusal = assertThrows(
                CoderException.class, () -> CoderUtils.decodeFromByteArray(HeldCoder.of(), new byte[] {2}));

        assertThat(refusal.getMessage(), is("held must be of version 1, but was of version 2"));
    }

    @Test
    public void aVersionIsANumber() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Held.newest("k", -1, "n"));

        assertThat(refusal.getMessage(), is("version must be at least 0, but was -1"));
    }
}
