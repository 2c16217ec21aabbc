package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Contents.manifestsOf;
import static io.millrace.io.objects.Samples.line;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.io.objects.Samples.text;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LedgerTest {
    private static final Slot SLOT = new Slot(joda(NOON), 0);
    private static final Slot OTHER_SLOT = new Slot(joda(NOON), 1);
    private static final String NOON_SLOT = "long-plays-2026-01-01T12-00Z-00-of-01-";

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    @BeforeClass
    public static void registerFileSystems() {
        FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    }

    @Test
    public void replacesAnObjectWholeAndLeavesNoDraft() throws IOException {
        ledger("a", 0).write(SLOT, lines(play(1)));
        ledger("a", 0).write(SLOT, lines(play(2), play(3)));

        assertThat(dataOf(folder()), is(Map.of(NOON_SLOT + "a-e0.jsonl", text(line(2), line(3)))));
        assertThat(manifestsOf(folder()), aMapWithSize(1));
    }

    @Test
    public void aWriterOfALowerEpochFailsAndLeavesTheHigherOnesObject() throws IOException {
        ledger("a", 1).write(SLOT, lines(play(1)));

        IOException failure =
                assertThrows(IOException.class, () -> ledger("a", 0).write(SLOT, lines(play(1), play(2))));

        assertThat(
                failure.getMessage(),
                is(
                        "epoch must be the highest that has written to " + folder()
                                + ", but was 0 of lineage a where a higher"
                                + " one has written, at _manifest/play-events/long-plays/2026-01-01T12-00Z/00-of-01-a-e0.json"));
        assertThat(dataOf(folder()), is(Map.of(NOON_SLOT + "a-e1.jsonl", text(line(1)))));
    }

    @Test
    public void aHigherEpochReplacesTheWholeWindowAlsoOfAnotherNumberOfShards() throws IOException {
        ledger("a", 0, 2).write(SLOT, lines(play(1)));
        ledger("a", 0, 2).write(OTHER_SLOT, lines(play(1, 2)));

        ledger("a", 1).write(SLOT, lines(play(1)));

        assertThat(dataOf(folder()), is(Map.of(NOON_SLOT + "a-e1.jsonl", text(line(1)))));
    }

    @Test
    public void aHigherEpochLeavesTheShardsOfAWindowOfWhichNothingComes() throws IOException {
        ledger("a", 0, 2).write(SLOT, lines(play(1)));
        ledger("a", 0, 2).write(OTHER_SLOT, lines(play(1, 2)));

        ledger("b", 1, 2).write(SLOT, lines(play(1), play(3)));

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        "long-plays-2026-01-01T12-00Z-00-of-02-b-e1.jsonl", text(line(1), line(3)),
                        "long-plays-2026-01-01T12-00Z-01-of-02-a-e0.jsonl", text(line(1, 2)))));
    }

    @Test
    public void aRunOfAHigherEpochTakesBackWhatWasWrittenSinceItsState() throws IOException {
        Batches state = ledger("a", 0).write(0, Batches.none("a", 0), lines(play(5)));
        ledger("a", 0).write(0, state, lines(play(6)));
        ledger("b", 1).takeBack(0, state);
        Batches between = ledger("b", 1).write(0, Batches.none("b", 1), lines(play(7)));
        ledger("b", 1).write(0, between, lines(play(8)));
        ledger("replay-1", 1).write(0, Batches.none("replay-1", 1), lines(play(9)));

        ledger("c", 2).takeBack(0, state);
        Map<String, String> first = dataOf(folder());
        ledger("c", 2).takeBack(0, state);

        assertThat(
                first,
                is(Map.of(
                        "long-plays-00-of-01-a-e0-000000.jsonl", text(line(5)),
                        "long-plays-00-of-01-replay-1-e1-000000.jsonl", text(line(9)))));
        assertThat(dataOf(folder()), is(first));
        assertThat(manifestsOf(folder()), aMapWithSize(2));
    }

    @Test
    public void aRunOfAHigherEpochGoesBackIntoTheOneThatItTookTheStateOf() throws IOException {
        Batches first = ledger("a", 0).write(0, Batches.none("a", 0), lines(play(5)));
        Batches state = ledger("b", 1).write(0, Batches.none("b", 1), lines(play(6)));
        ledger("b", 1).write(0, state, lines(play(7)));

        ledger("c", 2).takeBack(0, state);
        ledger("c", 2).write(0, Batches.none("c", 2), lines(play(7)));

        assertThat(first.objects(), is(1L));
        assertThat(
                dataOf(folder()),
                is(Map.of(
                        "long-plays-00-of-01-a-e0-000000.jsonl", text(line(5)),
                        "long-plays-00-of-01-b-e1-000000.jsonl", text(line(6)),
                        "long-plays-00-of-01-c-e2-000000.jsonl", text(line(7)))));
    }

    @Test
    public void aFreshRunReplacesWhatItCovers() throws IOException {
        ledger("a", 0).write(SLOT, lines(play(2), play(3)));

        ledger("b", 0).write(SLOT, lines(play(1), play(2), play(3)));

        assertThat(dataOf(folder()), is(Map.of(NOON_SLOT + "b-e0.jsonl", text(line(1), line(2), line(3)))));
    }

    @Test
    public void aFreshRunStandsBesideWhatItDoesNotCoverUntilItDoes() throws IOException {
        ledger("a", 0).write(SLOT, lines(play(1), play(2)));

        ledger("b", 0).write(SLOT, lines(play(2), play(3)));
        Map<String, String> halfWay = dataOf(folder());
        ledger("b", 0).write(SLOT, lines(play(1), play(2), play(3)));

        assertThat(
                halfWay,
                is(Map.of(
                        NOON_SLOT + "a-e0.jsonl", text(line(1), line(2)),
                        NOON_SLOT + "b-e0.jsonl", text(line(2), line(3)))));
        assertThat(dataOf(folder()), is(Map.of(NOON_SLOT + "b-e0.jsonl", text(line(1), line(2), line(3)))));
    }

    @Test
    public void anOlderRunDoesNotReplaceANewerOne() throws IOException {
        ledger("old", 0).write(SLOT, lines(play(1)));
        ledger("new", 0).write(SLOT, lines(play(2)));

        ledger("old", 0).write(SLOT, lines(play(1), play(2), play(3)));

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        NOON_SLOT + "old-e0.jsonl", text(line(1), line(2), line(3)),
                        NOON_SLOT + "new-e0.jsonl", text(line(2)))));
    }

    @Test
    public void aLineageThatEndsLikeAnotherIsAnother() throws IOException {
        ledger("x-a", 0).write(SLOT, lines(play(1)));

        ledger("a", 1).write(SLOT, lines(play(2)));

        assertThat(dataOf(folder()), is(Map.of(NOON_SLOT + "a-e1.jsonl", text(line(2)))));
    }

    @Test
    public void withoutWindowsAnotherRunReplacesOnlyWhatItCovers() throws IOException {
        Batches first = ledger("a", 0).write(0, Batches.none("a", 0), lines(play(5)));
        ledger("a", 0).write(0, first, lines(play(6)));

        Batches second = ledger("a", 1).write(0, Batches.none("a", 1), lines(play(5)));
        Map<String, String> halfWay = dataOf(folder());
        ledger("a", 1).write(0, second, lines(play(6)));

        assertThat(
                halfWay,
                is(Map.of(
                        "long-plays-00-of-01-a-e0-000000.jsonl", text(line(5)),
                        "long-plays-00-of-01-a-e0-000001.jsonl", text(line(6)),
                        "long-plays-00-of-01-a-e1-000000.jsonl", text(line(5)))));
        assertThat(
                dataOf(folder()),
                is(Map.of(
                        "long-plays-00-of-01-a-e1-000000.jsonl", text(line(5)),
                        "long-plays-00-of-01-a-e1-000001.jsonl", text(line(6)))));
    }

    @Test
    public void aReplayReplacesNoResultsButItsOwn() throws IOException {
        ledger("a", 0).write(SLOT, lines(play(2)));

        ledger("replay-1", 0).write(SLOT, lines(play(1), play(3)));
        ledger("replay-2", 0).write(SLOT, lines(play(0), play(4)));

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        NOON_SLOT + "a-e0.jsonl", text(line(2)),
                        NOON_SLOT + "replay-1-e0.jsonl", text(line(1), line(3)),
                        NOON_SLOT + "replay-2-e0.jsonl", text(line(0), line(4)))));
    }

    @Test
    public void aRunDoesNotReplaceWhatWasReplayedBeforeItsFirstObject() throws IOException {
        ledger("replay-1", 0).write(SLOT, lines(play(5)));

        ledger("a", 0).write(SLOT, lines(play(0), play(9)));

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        NOON_SLOT + "replay-1-e0.jsonl", text(line(5)),
                        NOON_SLOT + "a-e0.jsonl", text(line(0), line(9)))));
    }

    @Test
    public void aReplayThatFailsAgainLeavesTheFirstDeadLettersToTheRunThatGoesOn() throws IOException {
        Batches written = ledger("a", 0).write(0, Batches.none("a", 0), lines(play(5)));
        ledger("replay-1", 0).write(0, Batches.none("replay-1", 0), lines(play(5)));

        ledger("a", 0).write(0, written, lines(play(9)));

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        "long-plays-00-of-01-a-e0-000000.jsonl", text(line(5)),
                        "long-plays-00-of-01-a-e0-000001.jsonl", text(line(9)),
                        "long-plays-00-of-01-replay-1-e0-000000.jsonl", text(line(5)))));
    }

    @Test
    public void aReplayOfMoreReplacesAReplayOfLess() throws IOException {
        ledger("a", 0).write(SLOT, lines(play(2)));
        ledger("replay-1", 0).write(SLOT, lines(play(1), play(3)));

        ledger("replay-2", 0).write(SLOT, lines(play(1), play(3), play(7)));

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        NOON_SLOT + "a-e0.jsonl", text(line(2)),
                        NOON_SLOT + "replay-2-e0.jsonl", text(line(1), line(3), line(7)))));
    }

    @Test
    public void aRestoredRunGoesOnUnderTheNameOfTheOneThatWroteBefore() throws IOException {
        Batches counting = ledger("first", 0).write(0, Batches.none("first", 0), lines(play(5)));
        ledger("first", 0).write(0, counting, lines(play(6))); // after the checkpoint

        Ledger restored = ledger("second", 0).ofLineage(counting.lineage());
        Batches after = restored.write(0, counting, lines(play(6), play(7)));
        restored.deleteBeyond(0, after);

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        "long-plays-00-of-01-first-e0-000000.jsonl", text(line(5)),
                        "long-plays-00-of-01-first-e0-000001.jsonl", text(line(6), line(7)))));
    }

    @Test
    public void routesAndPipelinesShareAFolderWithoutTouchingEachOther() throws IOException {
        ledger("a", 0).write(SLOT, lines(play(1)));
        Run other = new Run("other pipeline", "", "b", 7);
        new Ledger(
                        new Folder(folder().toString()),
                        new ObjectNames(other, "r/1", 1, Compression.NONE),
                        other,
                        Compression.NONE)
                .write(SLOT, lines(play(1)));

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        NOON_SLOT + "a-e0.jsonl",
                        text(line(1)),
                        "r%2F1-2026-01-01T12-00Z-00-of-01-b-e7.jsonl",
                        text(line(1)))));
    }

    private Ledger ledger(String lineage, long epoch) {
        return ledger(lineage, epoch, 1);
    }

    private Ledger ledger(String lineage, long epoch, int shards) {
        Run run = new Run("play-events", "", lineage, epoch);
        ObjectNames names = new ObjectNames(run, "long-plays", shards, Compression.NONE);
        return new Ledger(new Folder(folder().toString()), names, run, Compression.NONE);
    }

    private Path folder() {
        return folders.getRoot().toPath().resolve("out");
    }

    private static Lines lines(Event... events) {
        return Lines.of(List.of(LineBlock.of(Stream.of(events).map(Line::of).toList())));
    }
}
