package io.millrace.io.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.source.OffsetRange;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is read of archives that runs have written: each record once, in order, and nothing behind a gap. */
public class ArchiveTest {
    private static final String STREAM = "c/plays";
    private static final int HISTORIES = "soak".equals(System.getProperty("millrace.test.scale")) ? 300 : 25;

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    private final Map<String, TreeSet<Long>> known = new HashMap<>();

    @Test
    public void aMarkOfATransactionIsNoGapAndARecordThatWasNotReadIsOne() throws IOException {
        Path folder = folders.newFolder().toPath();
        Batches first = write(folder, "a", 0, Batches.none("a", 0), record(10, 10), record(11, 11), record(13, 12));
        write(folder, "a", 0, first, record(14, 14));
        write(folder, "b", 0, Batches.none("b", 0), record(20, 19));

        assertThat(offsets(folder, 10), is(List.of(10L, 11L, 13L, 14L)));
        assertThat(offsets(folder, 12), is(List.of(13L, 14L)));
        assertThat(offsets(folder, 15), is(List.of()));
        assertThat(offsets(folder, 19), is(List.of(20L)));
        assertThat(offsets(folder, 0), is(List.of()));
        assertThat(lacking(folder, 10, 15), is(Optional.empty()));
        assertThat(lacking(folder, 10, 16), is(Optional.of(new OffsetRange(15, 16))));
        assertThat(lacking(folder, 10, 20), is(Optional.of(new OffsetRange(15, 19))));
        assertThat(lacking(folder, 5, 11), is(Optional.of(new OffsetRange(5, 10))));
    }

    @Test
    public void whatAnotherEpochHasWrittenStaysAndIsReadOnce() throws IOException {
        Path folder = folders.newFolder().toPath();
        Batches state = write(folder, "a", 0, Batches.none("a", 0), record(0, 0));
        write(folder, "a", 0, state, record(1, 1), record(2, 2));
        ledger(folder, "b", 1).takeBack(0, state);
        write(folder, "b", 1, Batches.none("b", 1), record(1, 1));
        ledger(folder, "b", 1).takeBack(0, state);

        assertThat(offsets(folder, 0), is(List.of(0L, 1L, 2L)));
        assertThat(
                new FolderLeftovers(new Folder(folder.toString()), names("b", 1), 1)
                        .remove((stream, partition) -> Optional.of(new OffsetRange(0, 9)))
                        .removed(),
                is(0L));
        assertThat(offsets(folder, 0), is(List.of(0L, 1L, 2L)));
    }

    @Test
    public void aRunThatGoesOnFromAnOlderStateLosesNothingOfWhatItHasArchived() throws IOException {
        Path folder = folders.newFolder().toPath();
        Batches state = write(folder, "a", 0, Batches.none("a", 0), record(0, 0));
        Batches reached = write(folder, "a", 0, state, record(1, 1), record(2, 2));
        write(folder, "a", 0, reached, record(3, 3));

        write(folder, "a", 0, state, record(1, 1));

        assertThat(offsets(folder, 0), is(List.of(0L, 1L, 2L, 3L)));
        assertThat(lacking(folder, 0, 4), is(Optional.empty()));
    }

    @Test
    public void whatOneRunHasLostIsReadOfAnother() throws IOException {
        Path folder = folders.newFolder().toPath();
        Batches first = write(folder, "a", 0, Batches.none("a", 0), record(0, 0));
        write(folder, "a", 0, first, record(1, 1), record(2, 2));
        write(folder, "b", 1, Batches.none("b", 1), record(0, 0), record(1, 1));
        Files.delete(folder.resolve("plays-00-of-01-a-e0-000000.jsonl"));

        assertThat(offsets(folder, 0), is(List.of(0L, 1L, 2L)));
    }

    @Test
    public void aChangedNumberOfShardsHidesNothing() throws IOException {
        Path folder = folders.newFolder().toPath();
        Batches state = write(folder, "a", 0, Batches.none("a", 0), record(0, 0));
        ObjectNames names = new ObjectNames(run("a", 0), "plays", 2, Compression.NONE);
        new Ledger(new Folder(folder.toString()), names, run("a", 0), Compression.NONE)
                .asArchive()
                .write(0, state, lines(List.of(record(1, 1))));

        assertThat(offsets(folder, 0), is(List.of(0L, 1L)));
    }

    @Test
    public void anObjectThatLacksWhatItsManifestSaysIsNotPassedOver() throws IOException {
        Path folder = folders.newFolder().toPath();
        write(folder, "a", 0, Batches.none("a", 0), record(0, 0), record(1, 1), record(2, 2));
        Path object = folder.resolve("plays-00-of-01-a-e0-000000.jsonl");
        List<String> lines = Files.readAllLines(object);
        Files.write(object, List.of(lines.get(0), lines.get(2)));

        IOException failure = assertThrows(IOException.class, () -> offsets(folder, 0));

        assertThat(
                failure.getMessage(),
                containsString("must have offset 1 of partition 0 of c/plays in " + object.getFileName()));
    }

    @Test
    public void whatIsNoArchiveIsNotRead() throws IOException {
        Path folder = folders.newFolder().toPath();
        new Ledger(new Folder(folder.toString()), names("a", 0), run("a", 0), Compression.NONE)
                .write(0, Batches.none("a", 0), lines(List.of(record(0, 0))));

        assertThat(Archive.in(folder.toString()).runs(), hasSize(0));
    }

    /** Runs that begin somewhere, fail, go on from a state, mix bundles up, and leave others' objects behind. */
    @Test
    public void isWhatWasReadWhateverRunsDid() throws IOException {
        for (int seed = 0; seed < HISTORIES; seed++) {
            known.clear();
            Random random = new Random(seed);
            Path folder = folders.newFolder().toPath();
            long[] records = LongStream.range(0, 60)
                    .filter(offset -> random.nextInt(5) > 0)
                    .toArray();
            for (int run = 0; run < 1 + random.nextInt(3); run++) {
                history(folder, "run-" + run, run / 2, records, random);
            }
            TreeSet<Long> all = new TreeSet<>();
            known.values().forEach(all::addAll);
            for (long from = 0; from < 62; from++) {
                long end = from;
                while (all.contains(end)) {
                    end++;
                }
                long gap = end;
                long begin = from;
                assertThat(
                        "seed " + seed + " from " + from,
                        offsets(folder, from),
                        is(LongStream.of(records)
                                .filter(offset -> offset >= begin && offset < gap)
                                .boxed()
                                .toList()));
                assertThat("seed " + seed + " to " + end, lacking(folder, from, end), is(Optional.empty()));
                assertThat(
                        "seed " + seed + " behind " + end,
                        lacking(folder, from, end + 1).map(OffsetRange::first),
                        is(Optional.of(end)));
            }
        }
    }

    private void history(Path folder, String lineage, long epoch, long[] records, Random random) throws IOException {
        long begin = random.nextInt(50);
        long at = begin;
        Batches state = Batches.none(lineage, epoch);
        TreeSet<Long> had = new TreeSet<>();
        for (int attempt = 0; attempt < 3; attempt++) {
            long position = at;
            Batches reached = state;
            TreeSet<Long> knownNow = new TreeSet<>(had);
            for (List<ArchivedRecord> batch : batches(records, position, random)) {
                reached = write(folder, lineage, epoch, reached, batch.toArray(ArchivedRecord[]::new));
                for (ArchivedRecord record : batch) {
                    LongStream.rangeClosed(record.from(), record.offset()).forEach(knownNow::add);
                    at = Math.max(at, record.offset() + 1);
                }
                known.computeIfAbsent(lineage + epoch, none -> new TreeSet<>()).addAll(knownNow);
            }
            if (random.nextBoolean()) { // fails, and goes on where it began
                at = position;
            } else {
                state = reached;
                had = knownNow;
            }
        }
    }

    /** What is read from a position on for a while, in objects, two of which may have come to each other's lines. */
    private static List<List<ArchivedRecord>> batches(long[] records, long position, Random random) {
        List<ArchivedRecord> read = new ArrayList<>();
        long from = position;
        long end = position + random.nextInt(30);
        for (long offset : records) {
            if (offset >= position && offset < end) {
                read.add(record(offset, from));
                from = offset + 1;
            }
        }
        List<List<ArchivedRecord>> batches = new ArrayList<>();
        while (!read.isEmpty()) {
            int size = Math.min(read.size(), 1 + random.nextInt(6));
            batches.add(new ArrayList<>(read.subList(0, size)));
            read = read.subList(size, read.size());
        }
        if (batches.size() > 1 && random.nextBoolean()) {
            Collections.swap(batches, 0, 1);
        }
        return batches;
    }

    private static ArchivedRecord record(long offset, long from) {
        return new ArchivedRecord(
                STREAM, 0, from, offset, 1_000 + offset, null, ("v" + offset).getBytes(UTF_8), Headers.empty());
    }

    private static Batches write(Path folder, String lineage, long epoch, Batches before, ArchivedRecord... records)
            throws IOException {
        List<ArchivedRecord> all = new ArrayList<>(List.of(records));
        all.add(new ArchivedRecord(STREAM, 1, 0, 0, 0, null, null, Headers.empty())); // of another partition
        Batches after = ledger(folder, lineage, epoch).write(0, before, lines(all));
        ledger(folder, lineage, epoch).deleteBeyond(0, after);
        return after;
    }

    private static Lines lines(List<ArchivedRecord> records) {
        return Lines.of(List.of(LineBlock.of(records.stream()
                .map(record -> Line.of(Event.of(
                        new Origin(record.stream(), record.partition(), record.offset()), null, record.toLine())))
                .toList())));
    }

    private static Ledger ledger(Path folder, String lineage, long epoch) {
        return new Ledger(new Folder(folder.toString()), names(lineage, epoch), run(lineage, epoch), Compression.NONE)
                .asArchive();
    }

    private static ObjectNames names(String lineage, long epoch) {
        return new ObjectNames(run(lineage, epoch), "plays", 1, Compression.NONE);
    }

    private static Run run(String lineage, long epoch) {
        return new Run("archived", "", lineage, epoch);
    }

    private static Optional<OffsetRange> lacking(Path folder, long first, long end) throws IOException {
        return Archive.in(folder.toString()).lacking(STREAM, 0, new OffsetRange(first, end));
    }

    private static List<Long> offsets(Path folder, long from) throws IOException {
        List<Long> offsets = new ArrayList<>();
        try (ArchivedPartition partition = Archive.in(folder.toString()).partition(STREAM, 0)) {
            long next = from;
            for (List<ArchivedRecord> read = partition.read(next, 3, 1_000);
                    !read.isEmpty();
                    read = partition.read(next, 3, 1_000)) {
                for (ArchivedRecord record : read) {
                    assertThat(new String(record.value(), UTF_8), is("v" + record.offset()));
                    offsets.add(record.offset());
                    next = record.offset() + 1;
                }
            }
        }
        return offsets;
    }
}
