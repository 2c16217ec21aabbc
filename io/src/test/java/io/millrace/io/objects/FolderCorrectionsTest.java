package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Contents.manifestsOf;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.joda;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.Differences;
import io.millrace.io.sink.Differences.Kind;
import io.millrace.io.source.OffsetRange;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.joda.time.Duration;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Offsets 10 to 19 of partition 0 were restated, in epoch 1. */
public class FolderCorrectionsTest {
    private static final OffsetRange RESTATED = new OffsetRange(10, 20);

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    @BeforeClass
    public static void registerFileSystems() {
        FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    }

    @Before
    public void makeShadow() throws IOException {
        FolderSink.makeShadow(shadow().toString());
    }

    @Test
    public void replacesWindowsWhoseLinesDiffer() throws IOException {
        published(0, play(10), play(11), play(12));
        restated(0, play(10), play(12), play(13));
        published(1, play(14));
        restated(1, play(14));

        assertThat(found(), is(List.of(1L, 0L, 1L, 0L)));
        assertThat("nothing is written", dataOf(folder()).keySet(), hasSize(2));
        assertThat(publish(), is(List.of(1L, 0L, 1L, 0L)));

        assertThat(
                dataOf(folder()).keySet().stream().sorted().toList(),
                contains(
                        "long-plays-2026-01-01T12-00Z-00-of-01-b-e1.jsonl",
                        "long-plays-2026-01-01T12-01Z-00-of-01-a-e0.jsonl"));
        assertThat(manifestsOf(folder()).keySet(), hasSize(2));
        assertThat(found(), is(List.of(0L, 0L, 0L, 0L)));
        assertThat(publish(), is(List.of(0L, 0L, 0L, 0L)));
    }

    @Test
    public void addsWindowsThatAreNotThere() throws IOException {
        restated(0, play(10), play(11));

        assertThat(publish(), is(List.of(2L, 0L, 0L, 0L)));

        assertThat(dataOf(folder()).keySet(), contains("long-plays-2026-01-01T12-00Z-00-of-01-b-e1.jsonl"));
    }

    @Test
    public void removesWindowsOfWhichNothingIsMadeAnyMoreButNotWithOthersOrOfReplays() throws IOException {
        published(0, play(10), play(19));
        published(1, play(9), play(10));
        published(2, play(20));
        write("replay-1", 0, folder(), 3, play(12));

        assertThat(found(), is(List.of(0L, 0L, 2L, 2L)));
        assertThat(publish(), is(List.of(0L, 0L, 2L, 2L)));

        assertThat(
                dataOf(folder()).keySet().stream().sorted().toList(),
                contains(
                        "long-plays-2026-01-01T12-01Z-00-of-01-a-e0.jsonl",
                        "long-plays-2026-01-01T12-02Z-00-of-01-a-e0.jsonl",
                        "long-plays-2026-01-01T12-03Z-00-of-01-replay-1-e0.jsonl"));
        assertThat(publish(), is(List.of(0L, 0L, 0L, 2L)));
    }

    @Test
    public void replacesAWindowThatBeganBeforeTheRange() throws IOException {
        published(0, play(8), play(9));
        restated(0, play(8));

        assertThat(publish(), is(List.of(0L, 0L, 1L, 0L)));

        assertThat(dataOf(folder()).keySet(), contains("long-plays-2026-01-01T12-00Z-00-of-01-b-e1.jsonl"));
    }

    @Test
    public void leavesWhatCameOfLaterEventsAndWhatHigherEpochsHaveWritten() throws IOException {
        published(0, play(20));
        restated(0, play(21));
        write("c", 2, folder(), 1, play(12));
        restated(1, play(13));
        write("c", 1, folder(), 2, play(14));
        restated(2, play(14));

        assertThat(found(), is(List.of(0L, 0L, 0L, 0L)));
        publish();

        assertThat(
                dataOf(folder()).keySet().stream().sorted().toList(),
                contains(
                        "long-plays-2026-01-01T12-00Z-00-of-01-a-e0.jsonl",
                        "long-plays-2026-01-01T12-01Z-00-of-01-c-e2.jsonl",
                        "long-plays-2026-01-01T12-02Z-00-of-01-c-e1.jsonl"));
    }

    @Test
    public void takesThePlaceOfWhatAReplayHadToAdd() throws IOException {
        published(0, play(10));
        write("replay-1", 0, folder(), 0, play(12));
        restated(0, play(10), play(12));

        assertThat(publish(), is(List.of(0L, 0L, 0L, 0L)));
        restated(0, play(10), play(12), play(13));
        assertThat(publish(), is(List.of(1L, 0L, 0L, 0L)));

        assertThat(dataOf(folder()).keySet(), contains("long-plays-2026-01-01T12-00Z-00-of-01-b-e1.jsonl"));
    }

    @Test
    public void doesNotTakeAMissingShadowForOneToWhichNothingWasWritten() throws IOException {
        published(0, play(10));
        Files.delete(shadow().resolve(FolderSink.SHADOW_MARK));

        assertThat(assertThrows(IOException.class, this::publish).getMessage(), containsString("must be there"));

        assertThat(dataOf(folder()).keySet(), hasSize(1));
    }

    @Test
    public void showsLinesThatDiffer() throws IOException {
        published(0, play(10));
        restated(0, play(11));
        Differences found = new Differences(5);

        corrections().find(FolderCorrectionsTest::restatedOf, found);

        assertThat(found.samples(Kind.ADDED), contains(line(play(11))));
        assertThat(found.samples(Kind.REMOVED), contains(line(play(10))));
    }

    private static String line(Event event) {
        return new String(requireNonNull(event.value()), UTF_8);
    }

    private List<Long> found() throws IOException {
        Differences found = new Differences(0);
        corrections().find(FolderCorrectionsTest::restatedOf, found);
        return counts(found);
    }

    private List<Long> publish() throws IOException {
        Differences found = new Differences(0);
        corrections().publish(FolderCorrectionsTest::restatedOf, found);
        return counts(found);
    }

    private static List<Long> counts(Differences found) {
        return Stream.of(Kind.values()).map(found::count).toList();
    }

    private Corrections corrections() {
        return new FolderCorrections(
                new Folder(folder().toString()), new Folder(shadow().toString()), names("b", 1), 1);
    }

    private static Optional<OffsetRange> restatedOf(String stream, int partition) {
        return partition == 0 ? Optional.of(RESTATED) : Optional.empty();
    }

    private void published(int minute, Event... events) throws IOException {
        write("a", 0, folder(), minute, events);
    }

    private void restated(int minute, Event... events) throws IOException {
        write("b", 1, shadow(), minute, events);
    }

    private static void write(String lineage, long epoch, Path folder, int minute, Event... events) throws IOException {
        new Ledger(
                        new Folder(folder.toString()),
                        names(lineage, epoch),
                        new Run("play-events", "", lineage, epoch),
                        Compression.NONE)
                .write(
                        new Slot(joda(NOON).plus(Duration.standardMinutes(minute)), 0),
                        Lines.of(List.of(
                                LineBlock.of(Stream.of(events).map(Line::of).toList()))));
    }

    private static ObjectNames names(String lineage, long epoch) {
        return new ObjectNames(new Run("play-events", "", lineage, epoch), "long-plays", 1, Compression.NONE);
    }

    private Path folder() {
        return folders.getRoot().toPath().resolve("out");
    }

    private Path shadow() {
        return folders.getRoot().toPath().resolve("out-restated-1");
    }
}
