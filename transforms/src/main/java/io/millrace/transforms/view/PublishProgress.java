package io.millrace.transforms.view;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.Shards;
import io.millrace.transforms.shard.ZigZag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** How far full publishes are. It is kept as bytes. */
final class PublishProgress {
    private static final int VERSION = 1;
    private static final long NEVER = ShardStatus.NEVER;
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    /** The one that is read, or was last. */
    long generation;
    /** Whether it is being read. */
    boolean isReading;
    /** Whether another one was asked for. */
    boolean isRequested;
    /** When the next begins by itself, by the clock. */
    long nextAt = NEVER;
    /** Its version, known from its first page on. */
    long version;

    String cursor = FullPublish.BEGINNING;
    /** Since when its next page cannot be read. */
    long failsSince = NEVER;
    /** How many times that was tried. */
    int attempts;
    /** How many entries it has had, and how many of them could not be used. */
    long entries;

    long refused;
    /** How many changes went to each shard. */
    final long[] ofShards = new long[Shards.COUNT];

    boolean isDue(long now) {
        return !isReading && (generation == 0 || isRequested || nextAt <= now);
    }

    /** Another one begins; its number is higher than any before, also where it is not known what these were. */
    void begin(long now, PublishSettings settings) {
        generation = Math.max(generation + 1, now);
        isReading = true;
        isRequested = false;
        nextAt = settings.everyMillis() == NEVER ? NEVER : now + settings.everyMillis();
        version = now - settings.lagMillis();
        cursor = FullPublish.BEGINNING;
        entries = 0;
        refused = 0;
        Arrays.fill(ofShards, 0);
        read();
    }

    /** A page could be read. */
    void read() {
        failsSince = NEVER;
        attempts = 0;
    }

    /** A page could not be read; for how long that is so. */
    long fails(long now) {
        failsSince = Math.min(failsSince, now);
        attempts++;
        return now - failsSince;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        try {
            out.write(VERSION);
            VarInt.encode(generation, out);
            out.write((isReading ? 1 : 0) | (isRequested ? 2 : 0));
            VarInt.encode(nextAt, out);
            VarInt.encode(ZigZag.encode(version), out);
            TEXT.encode(cursor, out);
            VarInt.encode(failsSince, out);
            VarInt.encode(attempts, out);
            VarInt.encode(entries, out);
            VarInt.encode(refused, out);
            for (long count : ofShards) {
                VarInt.encode(count, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Reads what {@link #bytes()} gives; of null, that there was none yet. */
    static PublishProgress of(byte @Nullable [] bytes) {
        PublishProgress progress = new PublishProgress();
        if (bytes == null) {
            return progress;
        }
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try {
            Versioned.read("publish", VERSION, in);
            progress.generation = VarInt.decodeLong(in);
            int flags = in.read();
            progress.isReading = (flags & 1) != 0;
            progress.isRequested = (flags & 2) != 0;
            progress.nextAt = VarInt.decodeLong(in);
            progress.version = ZigZag.decode(VarInt.decodeLong(in));
            progress.cursor = TEXT.decode(in);
            progress.failsSince = VarInt.decodeLong(in);
            progress.attempts = VarInt.decodeInt(in);
            progress.entries = VarInt.decodeLong(in);
            progress.refused = VarInt.decodeLong(in);
            for (int shard = 0; shard < Shards.COUNT; shard++) {
                progress.ofShards[shard] = VarInt.decodeLong(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("how far a publish is must be as it was written", e);
        }
        return progress;
    }
}
