package io.millrace.io.objects;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Runners;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import java.time.Duration;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Turns events into objects of JSON Lines in a folder of any of Beam's file systems, and gives back as dead letters those that
 * cannot be written or come too late.
 *
 * <p><i>Shape</i>: Events, bounded or not, of any windowing; dead letters in the global window. A value is a line as
 * {@link JsonLine} says. With a window there is one object for each window and shard; without, each shard has numbered objects.
 * A shard takes whole partitions of streams. The lines of an object are in the order of their identities.
 *
 * <p><i>Time</i>: With a window, an object is written when the watermark passes the window's end, and written again whole about a
 * second after a late event. Without, event times do not matter: an object is written at 64 MB, at the end of the input, and for
 * an unbounded one 10 seconds after its first event. The watermark is not held back.
 *
 * <p>The step waits for each object, unless other routes share the job on Flink and the input is unbounded: then objects are written on
 * a thread of its own, one at a time, for which a bundle waits half a second at most, and not at all while the file system is away.
 *
 * <p><i>State</i>: The lines of each open window and shard, freed when the watermark passes the window's end by the allowed
 * lateness; of each shard, how far windows are closed; without a window at most 64 MB a shard, and which offsets were written.
 * An object's lines are in memory while it is written. Where the step does not wait, also the lines of each closed window and shard
 * whose object is not written yet, without a bound, or without a window another 64 MB a shard: beyond these the step waits after all,
 * as it does at the end of the input.
 *
 * <p><i>Guarantee</i>: Each result is there once, also after a failure: what is written again replaces itself. An object is there
 * whole or not at all, and counts when its manifest is there. A higher epoch replaces the objects of a window and shard, and without windows what
 * was written since the state with which it begins. A run of another lineage
 * replaces what it covers, and stands beside what it does not. Superseded objects are deleted, so the data objects in the
 * folder are those that count. Without a window, a source that begins again after a failure, such as files on Flink, repeats
 * what objects of 64 MB hold already.
 *
 * <p><i>Fails</i>: A null value is a dead letter {@code noValue}; an empty one, or one with line breaks that is not JSON,
 * {@code refused}; an event without a time for a window {@code eventTimeUnreadable}; one after its window's closing {@code late}.
 * A file system that fails, and a lower epoch than the folder has seen, fail the bundle; but where the step does not wait, what the
 * file system failed to write is logged, and tried again every second.
 */
public final class WriteObjects extends PTransform<PCollection<Event>, PCollection<DeadLetter>> {
    /** How many bytes of a shard wait at most for a file system that is away, in a shared job without windows. */
    public static final long MAX_WAITING_BYTES = 2 * WriteBatchesFn.MAX_PENDING_BYTES;

    private static final long serialVersionUID = 1;

    private final Folder folder;
    private final SinkContext context;
    private final @Nullable Duration window;
    private final Duration allowedLateness;
    private final int shards;
    private final Compression compression;
    private final long maxPendingBytes;

    private WriteObjects(
            Folder folder,
            SinkContext context,
            @Nullable Duration window,
            Duration allowedLateness,
            int shards,
            Compression compression,
            long maxPendingBytes) {
        this.folder = folder;
        this.context = context;
        this.window = window;
        this.allowedLateness = allowedLateness;
        this.shards = shards;
        this.compression = compression;
        this.maxPendingBytes = maxPendingBytes;
    }

    /** Writes a route's events into a folder: without windows, one shard, not compressed. */
    public static WriteObjects into(String path, SinkContext context) {
        checkFolder(path);
        return new WriteObjects(
                new Folder(path), context, null, Duration.ZERO, 1, Compression.NONE, WriteBatchesFn.MAX_PENDING_BYTES);
    }

    /**
     * Checks that a path can be a folder to write into.
     *
     * @throws IllegalArgumentException if it is empty, or has characters that stand for others
     */
    public static void checkFolder(String path) {
        checkArgument(!path.isEmpty(), "path must not be empty");
        checkArgument(
                path.chars().noneMatch(unit -> "*?[]{}".indexOf(unit) >= 0),
                "path must be a folder without any of * ? [ ] { }, but was %s",
                path);
    }

    /** One object for each window of a size and shard, which takes events until so long after its end. */
    public WriteObjects withWindow(Duration window, Duration allowedLateness) {
        checkArgument(window.toMillis() > 0, "window must be at least 1 ms, but was %s", window);
        checkArgument(
                !allowedLateness.isNegative(), "allowedLateness must not be negative, but was %s", allowedLateness);
        return new WriteObjects(folder, context, window, allowedLateness, shards, compression, maxPendingBytes);
    }

    /** Into how many objects the partitions of a window are spread. It must stay the same while a job is restored. */
    public WriteObjects withShards(int shards) {
        checkArgument(shards >= 1, "shards must be at least 1, but was %s", shards);
        return new WriteObjects(folder, context, window, allowedLateness, shards, compression, maxPendingBytes);
    }

    /** How objects are compressed. */
    public WriteObjects withCompression(Compression compression) {
        return new WriteObjects(folder, context, window, allowedLateness, shards, compression, maxPendingBytes);
    }

    /** Which failures of the file system are waited for to pass. */
    public WriteObjects withTransientFailures(TransientFailures transientFailures) {
        return in(folder.withTransientFailures(transientFailures));
    }

    /** The same steps with the same state, for whom the folder is empty and stays so: no file system is asked. */
    public WriteObjects writingNothing() {
        return in(new NoFolder());
    }

    private WriteObjects in(Folder other) {
        return new WriteObjects(other, context, window, allowedLateness, shards, compression, maxPendingBytes);
    }

    /** How many bytes of a shard wait at most where there are no windows. */
    WriteObjects withMaxPendingBytes(long maxPendingBytes) {
        return new WriteObjects(folder, context, window, allowedLateness, shards, compression, maxPendingBytes);
    }

    @Override
    public PCollection<DeadLetter> expand(PCollection<Event> events) {
        WindowClock clock = window == null ? null : new WindowClock(window, allowedLateness);
        PCollectionTuple prepared = events.apply("Leave windows", Window.into(new GlobalWindows()))
                .apply(
                        "Prepare",
                        ParDo.of(new PrepareLinesFn(context, shards, clock))
                                .withOutputTags(PrepareLinesFn.BATCHES, TupleTagList.of(PrepareLinesFn.REFUSED)));
        PCollection<DeadLetter> refused = prepared.get(PrepareLinesFn.REFUSED).setCoder(DeadLetterCoder.of());
        PCollection<KV<Integer, EventBatch>> batches =
                prepared.get(PrepareLinesFn.BATCHES).setCoder(KvCoder.of(VarIntCoder.of(), EventBatch.CODER));
        boolean bounded = events.isBounded() == IsBounded.BOUNDED;
        // other runners give a key to several instances of a DoFn, none of which would know what is being written
        boolean waits = bounded
                || !context.shared()
                || !Runners.isFlink(events.getPipeline().getOptions());
        if (clock == null) {
            String step = context.isArchive() ? "Archive" : "Write"; // neither goes on with the state of the other
            batches.apply(step, ParDo.of(new WriteBatchesFn(bounded, waits, maxPendingBytes, ledger(), context)));
            return refused;
        }
        PCollection<DeadLetter> late = writeWindows(batches, clock, waits);
        return PCollectionList.of(refused).and(late).apply("All dead letters", Flatten.pCollections());
    }

    private PCollection<DeadLetter> writeWindows(
            PCollection<KV<Integer, EventBatch>> batches, WindowClock clock, boolean waits) {
        PCollectionTuple admitted = batches.apply(
                "Admit",
                ParDo.of(new AdmitFn(context, clock)).withOutputTags(AdmitFn.IN_TIME, TupleTagList.of(AdmitFn.LATE)));
        admitted.get(AdmitFn.IN_TIME)
                .setCoder(KvCoder.of(Slot.CODER, EventBatch.CODER))
                .apply("Write", ParDo.of(new WriteWindowsFn(clock, waits, ledger(), context)));
        return admitted.get(AdmitFn.LATE).setCoder(DeadLetterCoder.of());
    }

    private Ledger ledger() {
        ObjectNames names = new ObjectNames(context.run(), context.route(), shards, compression);
        Ledger ledger = new Ledger(folder, names, context.run(), compression);
        return context.isArchive() ? ledger.asArchive() : ledger;
    }
}
