package io.millrace.io.objects;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.io.config.Setting;
import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.Leftovers;
import io.millrace.io.sink.SinkContext;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A folder to write JSON Lines into.
 *
 * @param path the folder
 * @param window the size of the windows; null without windows
 * @param allowedLateness how long after its window's end an event is still taken
 * @param shards into how many objects the partitions of a window are spread
 * @param compression how objects are compressed
 */
public record FolderSink(
        @Setting(
                value = "The folder, which is made where it is missing. Of S3 it is s3://BUCKET/FOLDER.",
                example = "out/long-plays")
        String path,

        @Setting(
                value = "One object holds the events of one window of event time, of this size. Without it, objects are"
                        + " written at 64 MB, every 10 seconds of an unbounded input, and at the end of the input.",
                example = "PT1M")
        @Nullable Duration window,

        @Setting(
                value = "How long after the end of its window, in event time, an event is still taken; one that comes"
                        + " later is a dead letter.",
                byDefault = "PT0S")
        Duration allowedLateness,

        @Setting(
                value =
                        "Into how many objects the partitions of the input are spread, and how many workers write at the"
                                + " same time.",
                byDefault = "1")
        int shards,

        @Setting(value = "How objects are compressed: none or gzip.", byDefault = "none")
        Compression compression)
        implements Serializable {

    /** What a shadow has from its beginning: one without is gone, or was never made. */
    public static final String SHADOW_MARK = "_restatement";

    public FolderSink {
        WriteObjects.checkFolder(path);
        checkArgument(window == null || window.toMillis() > 0, "window must be at least 1 ms, but was %s", window);
        checkArgument(
                !allowedLateness.isNegative(), "allowedLateness must not be negative, but was %s", allowedLateness);
        checkArgument(
                window != null || allowedLateness.isZero(),
                "allowedLateness must be PT0S without a window, but was %s",
                allowedLateness);
        checkArgument(shards >= 1, "shards must be at least 1, but was %s", shards);
    }

    /** The transform that writes a route's events into it, where it goes by another path. */
    public WriteObjects write(String path, SinkContext context) {
        WriteObjects write = WriteObjects.into(path, context).withShards(shards).withCompression(compression);
        return window == null ? write : write.withWindow(window, allowedLateness);
    }

    /**
     * What the folder, where it goes by another path, holds of a route, by the bytes of its lines: the results that are the same line
     * are not told apart. Lines of objects without a manifest are given too, those that another route's manifests name are not.
     */
    public Holdings holdings(String path, SinkContext context) {
        return new FolderHoldings(path, new ObjectNames(context.run(), context.route(), shards, compression));
    }

    /** What lower epochs have left in the folder, which goes by another path, of a route. */
    public Leftovers leftovers(String path, SinkContext context) {
        return new FolderLeftovers(
                new Folder(path),
                new ObjectNames(context.run(), context.route(), shards, compression),
                context.run().epoch());
    }

    /** The same, of a folder beside it. */
    public FolderSink shadow(String suffix) {
        return new FolderSink(path.replaceAll("/+$", "") + suffix, window, allowedLateness, shards, compression);
    }

    /** Makes a folder, which goes by another path, such that it can be told from none. */
    public static void makeShadow(String path) throws IOException {
        new Folder(path).write(SHADOW_MARK, out -> out.write("A restatement writes here.\n".getBytes(UTF_8)));
    }

    /** What a restatement has written of a route to a shadow, against what the folder holds, each by another path; nothing without windows. */
    public Optional<Corrections> corrections(String path, String shadowPath, SinkContext context) {
        return window == null
                ? Optional.empty()
                : Optional.of(new FolderCorrections(
                        new Folder(path),
                        new Folder(shadowPath),
                        new ObjectNames(context.run(), context.route(), shards, compression),
                        context.run().epoch()));
    }

    /** Why there are no {@link #corrections}. */
    public String whyNotRestated() {
        return "without a window its objects do not say which events they came of";
    }

    /** How long after its time an event's line may still be written again. */
    public Duration holds() {
        return window == null ? Duration.ZERO : window.plus(allowedLateness);
    }

    /** The folder, where it can be that of an archive: an event that comes too late for its window would be missing in it. */
    public Optional<String> archivePath() {
        return window == null ? Optional.of(path) : Optional.empty();
    }

    /** What becomes of what the folder holds when a job is taken back, {@link io.millrace.io.sink.SinkProvider#whenRewound}. */
    public String whenRewound() {
        return window == null
                ? "the objects of each shard that were written since are taken away when its next one is written"
                : "the objects of windows that are written again take the place of those before; those of which nothing is made again are deleted";
    }

    /** A folder without windows, of one shard, not compressed. */
    public static FolderSink of(String path) {
        return new FolderSink(path, null, Duration.ZERO, 1, Compression.NONE);
    }

    /** One object for each window of a size and shard. */
    public FolderSink withWindow(Duration window) {
        return new FolderSink(path, window, allowedLateness, shards, compression);
    }

    /** Events are taken until so long after their window's end. */
    public FolderSink withAllowedLateness(Duration allowedLateness) {
        return new FolderSink(path, window, allowedLateness, shards, compression);
    }

    /** So many objects for each window. */
    public FolderSink withShards(int shards) {
        return new FolderSink(path, window, allowedLateness, shards, compression);
    }

    /** Objects compressed that way. */
    public FolderSink withCompression(Compression compression) {
        return new FolderSink(path, window, allowedLateness, shards, compression);
    }
}
