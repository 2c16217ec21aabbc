package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Contents.manifestsOf;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.millrace.io.sink.Leftovers.Removed;
import io.millrace.io.source.OffsetRange;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.joda.time.Duration;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Offsets 10 to 19 of partition 0 were read again, in epoch 1. */
public class FolderLeftoversTest {
    private static final OffsetRange AGAIN = new OffsetRange(10, 20);

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    @BeforeClass
    public static void registerFileSystems() {
        FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    }

    private static Slot slot(int minute) {
        return new Slot(joda(NOON).plus(Duration.standardMinutes(minute)), 0);
    }

    @Test
    public void removesWhatHasNothingElse() throws IOException {
        ledger("a", 0).write(slot(0), lines(play(10), play(19)));
        ledger("a", 0).write(slot(1), lines(play(9)));
        ledger("a", 0).write(slot(2), lines(play(20)));
        ledger("a", 0).write(slot(3), lines(play(1, 15)));

        assertThat(remove(), is(new Removed(1, 0)));

        assertThat(
                dataOf(folder()).keySet().stream().sorted().toList(),
                contains(
                        "long-plays-2026-01-01T12-01Z-00-of-01-a-e0.jsonl",
                        "long-plays-2026-01-01T12-02Z-00-of-01-a-e0.jsonl",
                        "long-plays-2026-01-01T12-03Z-00-of-01-a-e0.jsonl"));
        assertThat(manifestsOf(folder()), aMapWithSize(3));
        assertThat("a second time nothing is left", remove(), is(new Removed(0, 0)));
    }

    @Test
    public void saysWhatItLeavesSinceItHasOtherLinesToo() throws IOException {
        ledger("a", 0).write(slot(0), lines(play(9), play(10)));
        ledger("a", 0).write(slot(1), lines(play(12), play(1, 3)));
        ledger("a", 0).write(slot(2), lines(play(5), play(25)));

        assertThat(remove(), is(new Removed(0, 3)));

        assertThat(dataOf(folder()), aMapWithSize(3));
    }

    @Test
    public void leavesWhatItsOwnEpochAndReplaysHaveWritten() throws IOException {
        ledger("a", 1).write(slot(0), lines(play(12)));
        ledger("replay-1", 0).write(slot(1), lines(play(13)));

        assertThat(remove(), is(new Removed(0, 0)));

        assertThat(dataOf(folder()), aMapWithSize(2));
    }

    @Test
    public void removesNumberedObjects() throws IOException {
        Batches first = ledger("a", 0).write(0, Batches.none("a", 0), lines(play(12)));
        ledger("a", 0).write(0, first, lines(play(14)));

        assertThat(remove(), is(new Removed(2, 0)));

        assertThat(dataOf(folder()), aMapWithSize(0));
    }

    private Removed remove() throws IOException {
        return new FolderLeftovers(new Folder(folder().toString()), names("b", 1), 1)
                .remove((stream, partition) -> partition == 0 ? Optional.of(AGAIN) : Optional.empty());
    }

    private static ObjectNames names(String lineage, long epoch) {
        return new ObjectNames(new Run("play-events", "", lineage, epoch), "long-plays", 1, Compression.NONE);
    }

    private Ledger ledger(String lineage, long epoch) {
        return new Ledger(
                new Folder(folder().toString()),
                names(lineage, epoch),
                new Run("play-events", "", lineage, epoch),
                Compression.NONE);
    }

    private Path folder() {
        return folders.getRoot().toPath().resolve("out");
    }

    private static Lines lines(Event... events) {
        return Lines.of(List.of(LineBlock.of(Stream.of(events).map(Line::of).toList())));
    }
}
