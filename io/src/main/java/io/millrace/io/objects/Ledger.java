package io.millrace.io.objects;

import io.millrace.io.objects.Lines.Detail;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes objects with their manifests into a folder, and deletes what they supersede.
 *
 * <p>A run writes objects and manifests of its own names only, first the object, then the manifest, and then looks who else has
 * written. Of two runs of different epochs that write at the same time at least one therefore sees the other, on a file system
 * whose listings are up to date: the higher deletes the lower's object, the lower deletes its own.
 */
final class Ledger implements Serializable {
    private static final long serialVersionUID = 1;

    private final Folder folder;
    private final ObjectNames names;
    private final Run run;
    private final Compression compression;
    private final boolean isArchive;

    Ledger(Folder folder, ObjectNames names, Run run, Compression compression) {
        this(folder, names, run, compression, false);
    }

    private Ledger(Folder folder, ObjectNames names, Run run, Compression compression, boolean isArchive) {
        this.folder = folder;
        this.names = names;
        this.run = run;
        this.compression = compression;
        this.isArchive = isArchive;
    }

    /**
     * The same for lines of an archive. A record is the same in every run, so nothing that other runs have written is taken back or deleted, which may be
     * all there is left of it; and of each object it is said what all have up to it.
     */
    Ledger asArchive() {
        return new Ledger(folder, names, run, compression, true);
    }

    /** Begins to write as a task. */
    void open() {
        folder.open();
    }

    void close() {
        folder.close();
    }

    /** Fails where the task must not write any more. */
    void checkLease() {
        folder.checkLease();
    }

    /**
     * The same, for a run that was restored: it goes on under the name of the one that wrote before, whose objects its state
     * counts.
     */
    Ledger ofLineage(String lineage) {
        return lineage.equals(run.lineage())
                ? this
                : new Ledger(folder, names.ofLineage(lineage), run.withLineage(lineage), compression, isArchive);
    }

    /**
     * What a shard of this run holds before it writes: what its state says; nothing where there is none, or one of another epoch,
     * whose objects are not this run's to count.
     */
    Batches countedBy(@Nullable Batches state) {
        return state == null || state.epoch() != run.epoch() ? nothing() : state;
    }

    private Batches nothing() {
        return Batches.none(run.lineage(), run.epoch());
    }

    /** Writes or replaces the object of a window and shard. */
    void write(Slot slot, Lines lines) throws IOException {
        folder.begin();
        String manifest = names.manifest(slot.windowStart(), slot.shard());
        Standing before = standing(slot.windowStart(), manifest);
        requireHighestEpoch(before, manifest);
        String object = names.object(slot);
        long bytes = write(object, lines);
        Manifest written =
                manifest(object, before.generation(manifest), nothing().and(lines, bytes, detail()));
        folder.write(manifest, out -> out.write(written.toJson()));
        giveWay(slot, object, manifest);
        retire(standing(slot.windowStart(), manifest), manifest, written);
    }

    /** Writes or replaces the next numbered object of a shard, and says what the shard then holds. */
    Batches write(int shard, Batches before, Lines lines) throws IOException {
        folder.begin();
        String manifest = names.manifest(null, shard);
        Standing standing = standing(null, manifest);
        requireHighestEpoch(standing, manifest);
        Batches counting = isArchive ? archivedBefore(standing, manifest) : before;
        String object = names.numbered(shard, counting.objects());
        long bytes = write(object, lines);
        Batches after = counting.and(lines, bytes, detail());
        Manifest written = manifest(names.allNumbered(shard), standing.generation(manifest), after);
        if (isArchive) {
            folder.write(ObjectNames.progress(object), out -> out.write(written.toJson()));
        }
        folder.write(manifest, out -> out.write(written.toJson()));
        retire(standing(null, manifest), manifest, written);
        return after;
    }

    /** What this run has archived, whatever a state counts that it goes on from: of what was read since, nobody else may have it. */
    private Batches archivedBefore(Standing standing, String manifest) {
        return standing.own(manifest)
                .filter(Manifest::isArchive)
                .map(own -> new Batches(
                        run.lineage(), run.epoch(), own.objects(), own.records(), own.bytes(), own.offsets()))
                .orElseGet(this::nothing);
    }

    /** Deletes the numbered objects of a shard that an attempt before a restart wrote beyond what counts. */
    void deleteBeyond(int shard, Batches counting) throws IOException {
        if (!isArchive) {
            deleteBeyond(names.allNumbered(shard), counting);
        }
    }

    private void deleteBeyond(String pattern, Batches counting) throws IOException {
        folder.delete(folder.list(pattern).stream()
                .filter(name -> ObjectNames.number(pattern, name) >= counting.objects())
                .toList());
    }

    /**
     * Takes back what lower epochs have written of a shard since a state of one of them, with which this run begins: numbered objects that the state does not
     * count, and all of epochs after it. What replays of dead letters have written stays.
     */
    void takeBack(int shard, Batches state) throws IOException {
        if (isArchive) {
            return;
        }
        String own = names.manifest(null, shard);
        for (String name : folder.list(names.allManifests(null))) {
            Optional<Manifest> other =
                    ObjectNames.mayShareLines(own, name) ? Manifest.read(name, folder) : Optional.empty();
            if (other.isPresent()) {
                takeBack(name, other.get(), state);
            }
        }
    }

    private void takeBack(String name, Manifest other, Batches state) throws IOException {
        if (other.epoch() >= run.epoch() || other.epoch() < state.epoch() || other.isOfReplay()) {
            return;
        }
        if (other.epoch() > state.epoch()) {
            folder.delete(folder.list(other.object()));
            folder.delete(List.of(name));
        } else if (other.lineage().equals(state.lineage())) {
            Manifest then = new Manifest(
                    other.lineage(),
                    other.epoch(),
                    other.generation(),
                    other.object(),
                    state.objects(),
                    state.records(),
                    state.bytes(),
                    state.offsets(),
                    false);
            folder.write(name, out -> out.write(then.toJson()));
            deleteBeyond(other.object(), state);
        }
    }

    private long write(String object, Lines lines) throws IOException {
        return folder.write(object, out -> {
            OutputStream compressed = compression.compress(out);
            lines.writeTo(compressed);
            compressed.close();
        });
    }

    private Manifest manifest(String object, long generation, Batches batches) {
        return new Manifest(
                run.lineage(),
                run.epoch(),
                generation,
                object,
                batches.objects(),
                batches.records(),
                batches.bytes(),
                batches.offsets(),
                isArchive);
    }

    private void giveWay(Slot slot, String object, String manifest) throws IOException {
        Standing after = standing(slot.windowStart(), manifest);
        if (after.outranks(run.epoch())) {
            folder.delete(List.of(object, manifest));
            requireHighestEpoch(after, manifest);
        }
    }

    private void requireHighestEpoch(Standing standing, String manifest) throws OutrankedException {
        if (standing.outranks(run.epoch())) {
            throw new OutrankedException("epoch must be the highest that has written to " + folder + ", but was "
                    + run.epoch() + " of lineage " + run.lineage() + " where a higher one has written, at " + manifest);
        }
    }

    private Detail detail() {
        return isArchive ? Detail.READ : run.isReplay() ? Detail.EXACT : Detail.RANGE;
    }

    private void retire(Standing standing, String manifest, Manifest written) throws IOException {
        if (isArchive) {
            return;
        }
        for (Map.Entry<String, Manifest> other :
                standing.superseded(manifest, written).entrySet()) {
            folder.delete(folder.list(other.getValue().object()));
            folder.delete(List.of(other.getKey()));
        }
    }

    /** What is said to count now. Manifests of this run's other shards matter only beside those of other runs. */
    private Standing standing(@Nullable Instant windowStart, String manifest) throws IOException {
        Map<String, Manifest> own = new TreeMap<>();
        Map<String, Manifest> others = new TreeMap<>();
        List<String> found = folder.list(names.allManifests(windowStart));
        boolean alone = found.stream().allMatch(names::isOfThisRun);
        for (String name : found) {
            if (!alone || name.equals(manifest)) {
                Manifest.read(name, folder).ifPresent(one -> (names.isOfThisRun(name) ? own : others).put(name, one));
            }
        }
        return new Standing(windowStart != null, own, others);
    }
}
