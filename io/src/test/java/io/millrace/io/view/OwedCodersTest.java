package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.google.common.io.BaseEncoding;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.Test;

/** Holds the bytes of what is in checkpoints: a changed coder would read old ones wrongly, and silently. */
public class OwedCodersTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    public void writesWhatIsOwedInVersionOne() throws CoderException {
        Event event = Event.of(new Origin("s", 0, 7), "k".getBytes(UTF_8), "{}".getBytes(UTF_8));

        holds(Owed.CODER, new Owed(event, NOON, 300, false), "01010101017300070000026b037b7d008000019b796dd600ac0200");
        holds(Owed.CODER, new Owed(event, NOON, 300, true), "01010101017300070000026b037b7d008000019b796dd600ac0201");
    }

    @Test
    public void writesAKeyInVersionOne() throws CoderException {
        holds(OwedKey.CODER, new OwedKey("ü"), "0102c3bc");
    }

    @Test
    public void writesAShardInVersionOne() throws CoderException {
        holds(OwedShard.CODER, new OwedShard("us-1", 63), "010475732d313f");
    }

    @Test
    public void writesPausesInVersionOne() throws CoderException {
        holds(Pauses.CODER, new Pauses(3), "0103");
        holds(Pauses.CODER, Pauses.SETTLED, "01ffffffff0f");
    }

    @Test
    public void aKeyIsAlwaysInTheSameShard() {
        assertThat(OwedShard.of("us-1", "title-1"), is(new OwedShard("us-1", 42)));
        assertThat(OwedShard.of("us-1", "ü"), is(new OwedShard("us-1", 42)));
    }

    @Test
    public void pausesGrowUpToTenSeconds() {
        Pauses pauses = Pauses.NONE;
        for (long millis : new long[] {500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000}) {
            assertThat(pauses.next(), is(Duration.millis(millis)));
            pauses = pauses.another();
        }
    }

    @Test
    public void thatSomethingWasOwedIsRememberedForAMinute() {
        assertThat(Pauses.SETTLED.next(), is(Duration.standardMinutes(1)));
    }

    @Test
    public void refusesAnotherVersion() {
        CoderException failure = assertThrows(
                CoderException.class, () -> CoderUtils.decodeFromByteArray(OwedKey.CODER, new byte[] {2, 0}));

        assertThat(failure.getMessage(), is("key must be of version 1, but was of version 2"));
    }

    private static <T> void holds(Coder<T> coder, T value, String hex) throws CoderException {
        assertThat(BaseEncoding.base16().lowerCase().encode(CoderUtils.encodeToByteArray(coder, value)), is(hex));
        assertThat(
                CoderUtils.decodeFromByteArray(
                        coder, BaseEncoding.base16().lowerCase().decode(hex)),
                is(value));
    }
}
