package io.millrace.transforms.enricher;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Test;

/** What is kept of a changelog is in savepoints: it is read as it was written. */
public class AsOfCodersTest {
    private static final ChangeCoder<String> CHANGE = ChangeCoder.of(StringUtf8Coder.of());
    private static final Coder<Version<String>> VERSION = Version.coder(NullableCoder.of(StringUtf8Coder.of()));
    private static final Moments MOMENTS =
            new Moments(List.of(new Moment(300, 7), new Moment(300, 8), new Moment(400, 8)));
    private static final Coder<Arrival<String, String>> ARRIVAL = new ArrivalCoder<>(StringUtf8Coder.of(), CHANGE);
    private static final Coder<Early<String>> EARLY = Early.coder(StringUtf8Coder.of());

    @Test
    public void encodesAsItAlwaysDid() throws Exception {
        assertEncoded("01ac020104676f6c64", CHANGE, Change.to("gold", 300));
        assertEncoded("010700", CHANGE, Change.deletion(7));
        assertEncoded("01800000000000012c8000000000000007", Moment.CODER, new Moment(300, 7));
        assertEncoded("017fffffffffffffff8000000000000000", Moment.CODER, new Moment(-1, 0));
        assertEncoded("01ac0207c8010104676f6c64", VERSION, new Version<>(new Moment(300, 7), "gold", 200));
        assertEncoded("01ac02078080808080808080800100", VERSION, new Version<>(new Moment(300, 7), null, Version.EVER));
        assertEncoded("01ac02ffffffffffffffff7f01", Book.CODER, new Book(300, Book.NEVER, true));
        assertEncoded("01ac0204706c6179", EARLY, new Early<>(300, "play"));
        assertEncoded("010203ac02c80301", Slot.CODER, new Slot(2, 3, 300, 456, true));
        assertEncoded("0101ffffffffffffffffff0101", Moments.CODER, new Moments(List.of(new Moment(-1, 1))));
        assertEncoded("0103ac020700086408", Moments.CODER, MOMENTS);
        assertEncoded("0104706c6179", ARRIVAL, Arrival.ofElement("play"));
        assertEncoded("0201070104676f6c64", ARRIVAL, Arrival.ofChange(Change.to("gold", 7)));
    }

    private static <T> void assertEncoded(String hex, Coder<T> coder, T value) throws Exception {
        assertThat(HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, value)), is(hex));
        assertThat(CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex(hex)), is(value));
    }

    @Test
    public void decodesWhatItEncoded() throws Exception {
        for (Arrival<String, String> arrival : List.<Arrival<String, String>>of(
                Arrival.ofElement("play"),
                Arrival.ofChange(Change.to("gold", 1)),
                Arrival.ofChange(Change.deletion(2)))) {
            CoderProperties.coderDecodeEncodeEqual(ARRIVAL, arrival);
        }
        for (Coder<?> coder :
                List.of(CHANGE, Moment.CODER, VERSION, Book.CODER, EARLY, Slot.CODER, Moments.CODER, ARRIVAL)) {
            CoderProperties.coderSerializable((Coder<?>) coder);
            coder.verifyDeterministic();
        }
    }

    @Test
    public void momentsAreInTheOrderOfTheirBytes() throws Exception {
        List<Moment> ordered = List.of(
                new Moment(Long.MIN_VALUE, 0),
                new Moment(-2, 9),
                new Moment(-1, 0),
                new Moment(0, -1),
                new Moment(0, 0),
                new Moment(0, 1),
                new Moment(256, 0),
                new Moment(Long.MAX_VALUE, 0));
        for (int i = 1; i < ordered.size(); i++) {
            assertThat(ordered.get(i - 1).compareTo(ordered.get(i)), lessThan(0));
            assertThat(
                    Arrays.compareUnsigned(
                            CoderUtils.encodeToByteArray(Moment.CODER, ordered.get(i - 1)),
                            CoderUtils.encodeToByteArray(Moment.CODER, ordered.get(i))),
                    lessThan(0));
        }
    }

    @Test
    public void refusesAnotherVersion() {
        assertRefused("change must be of version 1, but was of version 2", CHANGE);
        assertRefused("moment must be of version 1, but was of version 2", Moment.CODER);
        assertRefused("version must be of version 1, but was of version 2", VERSION);
        assertRefused("slot must be of version 1, but was of version 2", Slot.CODER);
        assertRefused("moments must be of version 1, but was of version 2", Moments.CODER);
        assertRefused("book must be of version 1, but was of version 2", Book.CODER);
        assertRefused("early element must be of version 1, but was of version 2", EARLY);
    }

    private static void assertRefused(String message, Coder<?> coder) {
        CoderException failure =
                assertThrows(CoderException.class, () -> CoderUtils.decodeFromByteArray(coder, new byte[] {2}));
        assertThat(failure.getMessage(), is(message));
    }
}
