package io.millrace.io.elasticsearch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.util.List;
import java.util.Random;
import org.joda.time.Instant;
import org.junit.Test;

/** Versions are kept in the index: their order is the epoch, then the event time, and their form never changes. */
public class DocumentVersionTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final ResultId PLAY = play(0);

    @Test
    public void keepsItsForm() {
        assertThat(DocumentVersion.ofKey(0, NOON, PLAY), is(4_074_341_990_400_686L));
        assertThat(DocumentVersion.ofKey(1, NOON, PLAY) - DocumentVersion.ofKey(0, NOON, PLAY), is(1L << 53));
        assertThat(DocumentVersion.ofResult(3), is(3L));
    }

    @Test
    public void isOrderedByEpochThenTimeWhateverTheIdentity() {
        Random random = new Random(1);
        for (int round = 0; round < 10_000; round++) {
            long epoch = random.nextInt(1000);
            Instant time = new Instant(random.nextLong(-2_000_000_000_000L, 6_000_000_000_000L));
            long version = DocumentVersion.ofKey(epoch, time, play(random.nextInt()));

            assertThat(version, greaterThanOrEqualTo(0L));
            assertThat(DocumentVersion.ofKey(epoch, time.plus(1), play(random.nextInt())), greaterThan(version));
            assertThat(
                    DocumentVersion.ofKey(epoch + 1, new Instant(random.nextInt()), play(random.nextInt())),
                    greaterThan(version));
        }
    }

    @Test
    public void tellsResultsOfTheSameMillisecondApart() {
        assertThat(DocumentVersion.ofKey(0, NOON, play(1)), not(DocumentVersion.ofKey(0, NOON, play(2))));
        assertThat(DocumentVersion.ofKey(0, NOON, play(1)), is(DocumentVersion.ofKey(0, NOON, play(1))));
    }

    @Test
    public void timesBeyondWhatFitsAreTheFirstOrTheLast() {
        long none = DocumentVersion.ofKey(0, DeadLetter.NO_TIME, PLAY);
        long before = DocumentVersion.ofKey(0, Instant.parse("1850-01-01T00:00:00Z"), PLAY);
        long after = DocumentVersion.ofKey(0, Instant.parse("9999-01-01T00:00:00Z"), PLAY);

        assertThat(none, is(hashOf(PLAY)));
        assertThat(before, is(none));
        assertThat(after, greaterThan(DocumentVersion.ofKey(0, Instant.parse("2170-01-01T00:00:00Z"), PLAY)));
        assertThat(DocumentVersion.ofKey(1, DeadLetter.NO_TIME, PLAY), greaterThan(after));
    }

    @Test
    public void refusesAnEpochThatDoesNotFit() {
        DocumentVersion.ofKey(1023, NOON, PLAY);

        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> DocumentVersion.ofKey(1024, NOON, PLAY));

        assertThat(
                refusal.getMessage(),
                is("epoch must be at most 1023 where documents have keys, but was 1024: write to a new index"));
    }

    private static long hashOf(ResultId id) {
        return DocumentVersion.ofKey(0, DeadLetter.NO_TIME, id);
    }

    private static ResultId play(long offset) {
        return new ResultId(List.of(new Origin("local/plays", 0, Math.abs(offset))), "long-plays", 0);
    }
}
