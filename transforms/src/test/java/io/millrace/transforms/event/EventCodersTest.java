package io.millrace.transforms.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.junit.Test;

/** Holds the bytes that checkpoints and savepoints are made of: they may gain a version, but never change. */
public class EventCodersTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Origin ORIGIN = new Origin("c/plays", 3, 300);
    private static final String ORIGIN_HEX = "07632f706c617973" + "03" + "ac02";
    private static final String ID_HEX = "01" + "01" + ORIGIN_HEX + "00" + "00";

    private static final Event FULL = Event.of(
            ResultId.of(ORIGIN),
            "k".getBytes(UTF_8),
            "{}".getBytes(UTF_8),
            Headers.builder().add("h", "1").add("h", (byte[]) null).build());
    private static final String FULL_HEX = "01" + ID_HEX + "026b" + "037b7d" + "02" + "0168" + "0231" + "0168" + "00";

    @Test
    public void writesAnEventInVersionOne() throws Exception {
        assertThat(hex(EventCoder.of(), FULL), is(FULL_HEX));
        assertThat(unhex(EventCoder.of(), FULL_HEX), equalTo(FULL));
    }

    @Test
    public void tellsNullFromEmpty() throws Exception {
        Event nulls = Event.of(ORIGIN, null, null);
        Event empties = Event.of(ORIGIN, new byte[0], new byte[0]);

        assertThat(hex(EventCoder.of(), nulls), is("01" + ID_HEX + "00" + "00" + "00"));
        assertThat(hex(EventCoder.of(), empties), is("01" + ID_HEX + "01" + "01" + "00"));
        assertThat(unhex(EventCoder.of(), hex(EventCoder.of(), nulls)), equalTo(nulls));
        assertThat(unhex(EventCoder.of(), hex(EventCoder.of(), empties)), equalTo(empties));
    }

    @Test
    public void writesAResultIdInVersionOne() throws Exception {
        ResultId joined = new ResultId(List.of(ORIGIN, new Origin("x", 0, 1)), "join", 2);
        String bytes = "01" + "02" + ORIGIN_HEX + "0178" + "00" + "01" + "046a6f696e" + "02";

        assertThat(hex(ResultIdCoder.of(), joined), is(bytes));
        assertThat(unhex(ResultIdCoder.of(), bytes), equalTo(joined));
    }

    @Test
    public void writesADeadLetterInVersionOne() throws Exception {
        DeadLetter late = new DeadLetter(FULL, "r", "sink", DeadLetter.Reason.LATE, "m", NOON);
        String bytes = "01" + FULL_HEX + "0172" + "0473696e6b" + "046c617465" + "016d" + "8000019ca9450a00";

        assertThat(hex(DeadLetterCoder.of(), late), is(bytes));
        assertThat(unhex(DeadLetterCoder.of(), bytes), equalTo(late));
    }

    @Test
    public void refusesAnotherVersion() {
        CoderException refused =
                assertThrows(CoderException.class, () -> unhex(EventCoder.of(), "02" + FULL_HEX.substring(2)));

        assertThat(refused.getMessage(), is("event must be of version 1, but was of version 2"));
    }

    @Test
    public void refusesBytesThatBreakOff() {
        CoderException refused =
                assertThrows(CoderException.class, () -> unhex(EventCoder.of(), FULL_HEX.substring(0, 20)));

        assertThat(refused.getMessage(), is("expected 7 bytes, but found 6"));
    }

    @Test
    public void isWhatBeamTakesByDefault() throws Exception {
        CoderRegistry registry = CoderRegistry.createDefault();

        assertThat(registry.getCoder(Event.class), equalTo(EventCoder.of()));
        assertThat(registry.getCoder(DeadLetter.class), equalTo(DeadLetterCoder.of()));
        EventCoder.of().verifyDeterministic();
    }

    private static <T> String hex(Coder<T> coder, T value) throws CoderException {
        return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, value));
    }

    private static <T> T unhex(Coder<T> coder, String bytes) throws CoderException {
        return CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex(bytes));
    }
}
