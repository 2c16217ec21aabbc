package io.millrace.io.objects;

import io.millrace.io.source.OffsetRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder into which routes have written the records that they read, all of them and as they were: {@link ArchivedRecord}.
 *
 * <p>The manifest of an archive says which offsets were read without a gap, and so does one of each object for all objects up to it. By these
 * an object is found that has an offset. Several runs may have the same records; each says for itself what it has.
 */
public final class Archive {
    private final String path;
    private final Folder folder;

    private Archive(String path) {
        this.path = path;
        this.folder = new Folder(path);
    }

    /** The archive in a folder of one of Beam's file systems. */
    public static Archive in(String path) {
        WriteObjects.checkFolder(path);
        return new Archive(path);
    }

    /**
     * The first offsets of a range of a partition that the archive cannot give; nothing where it has all that there was in the range.
     *
     * @throws IOException if the folder cannot be read
     */
    public Optional<OffsetRange> lacking(String stream, int partition, OffsetRange wanted) throws IOException {
        List<Offsets.Range> ranges = runs().stream()
                .flatMap(run -> run.manifest().offsets().ranges().stream())
                .filter(range -> range.isOf(stream, partition))
                .toList();
        long next = wanted.first();
        while (next < wanted.end()) {
            long at = next;
            long reached = ranges.stream()
                    .filter(range -> range.has(at))
                    .mapToLong(range -> range.last() + 1)
                    .max()
                    .orElse(at);
            if (reached == at) {
                return Optional.of(new OffsetRange(
                        at,
                        ranges.stream().mapToLong(Offsets.Range::first).filter(first -> first > at).min().stream()
                                .reduce(wanted.end(), Math::min)));
            }
            next = reached;
        }
        return Optional.empty();
    }

    /** Reads the records of a partition, in the order of their offsets. */
    public ArchivedPartition partition(String stream, int partition) {
        return new ArchivedPartition(this, stream, partition);
    }

    /** What each run has written, as it is now. */
    List<ArchivedRun> runs() throws IOException {
        List<ArchivedRun> runs = new ArrayList<>();
        for (String name : folder.listBelow(ObjectNames.EVERY_MANIFEST)) {
            Manifest.read(name, folder)
                    .filter(Manifest::isArchive)
                    .ifPresent(manifest -> runs.add(new ArchivedRun(folder, manifest)));
        }
        return runs;
    }

    /** Opens an object. */
    ObjectLines open(String object) throws IOException {
        return ObjectLines.of(folder, object);
    }

    @Override
    public String toString() {
        return path;
    }
}
