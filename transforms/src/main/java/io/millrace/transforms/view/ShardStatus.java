package io.millrace.transforms.view;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.ZigZag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** What is known of a shard: what it is to do when, and how far full publishes are. It is kept as bytes. */
final class ShardStatus {
    static final long NEVER = Long.MAX_VALUE;

    private static final int VERSION = 2;
    private static final long NONE = 0;
    private static final long UNKNOWN = -1;

    /** For when the timer is set. */
    long timerAt = NEVER;
    /** When the changes that are put aside are folded into their keys. */
    long takeAt = NEVER;
    /** When the entries that are put aside are staged. */
    long stageAt = NEVER;
    /** When the keys that have changed are told. */
    long tellAt = NEVER;
    /** When it is looked for what can be forgotten. */
    long forgetAt = NEVER;
    /** Until when all but changes waits; never where it need not. */
    long yieldsUntil = NEVER;
    /** The publish whose entries come, or came last. */
    long generation = NONE;

    /** Its version, once its end has come. */
    long generationVersion = Long.MIN_VALUE;

    /** Whether it has all that there is, as far as is known; false where some of its entries could not be used. */
    boolean generationHasAll;

    /** How many of its entries have come. */
    long received;

    /** When anything of it came last. */
    long receivedAt;

    /** How many there are, once its end has come. */
    long expected = UNKNOWN;
    /** The last publish that is complete. */
    long completeGeneration = NONE;

    /** Its version. */
    long completeVersion = Long.MIN_VALUE;

    /** Whether it had all that there is. */
    boolean completeHasAll;

    /** The version of the last publish that had all: what is older, and was not in it, is not there. */
    long allVersion = Long.MIN_VALUE;

    /** How many keys it keeps. */
    long keys;

    /** The number of the next page of keys. */
    long nextPage;

    /** The rounds whose keys are still to be noted. */
    final List<Listing> listings = new ArrayList<>();

    final List<Round> rounds = new ArrayList<>();

    /** Whether all of a publish has come that is not complete yet. */
    boolean hasAllCome() {
        return gathers() && received == expected;
    }

    /** The publish that comes is complete; false if it says nothing new: then it is as if there had been none. */
    boolean complete() {
        boolean isNewer = completeGeneration == NONE
                || generationVersion > completeVersion
                || generationVersion == completeVersion && generationHasAll && !completeHasAll;
        if (!isNewer) {
            generation = completeGeneration;
            return false;
        }
        completeGeneration = generation;
        completeVersion = generationVersion;
        completeHasAll = generationHasAll;
        if (completeHasAll) {
            allVersion = completeVersion;
        }
        return true;
    }

    /** An entry, or the end, of a publish comes; false if that of a later one did before. */
    boolean takesOf(long ofGeneration, long now) {
        if (ofGeneration > generation) {
            generation = ofGeneration;
            generationHasAll = true;
            received = 0;
            expected = UNKNOWN;
        }
        receivedAt = ofGeneration == generation ? now : receivedAt;
        return ofGeneration == generation;
    }

    /** Whether entries come of a publish that is not complete. */
    boolean gathers() {
        return generation > completeGeneration;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        try {
            out.write(VERSION);
            writeTime(timerAt, out);
            writeTime(takeAt, out);
            writeTime(stageAt, out);
            writeTime(tellAt, out);
            writeTime(forgetAt, out);
            writeTime(yieldsUntil, out);
            VarInt.encode(generation, out);
            VarInt.encode(ZigZag.encode(generationVersion), out);
            out.write(generationHasAll ? 1 : 0);
            VarInt.encode(received, out);
            VarInt.encode(receivedAt, out);
            VarInt.encode(ZigZag.encode(expected), out);
            VarInt.encode(completeGeneration, out);
            VarInt.encode(ZigZag.encode(completeVersion), out);
            out.write(completeHasAll ? 1 : 0);
            VarInt.encode(ZigZag.encode(allVersion), out);
            VarInt.encode(keys, out);
            VarInt.encode(nextPage, out);
            VarInt.encode(listings.size(), out);
            for (Listing listing : listings) {
                listing.write(out);
            }
            for (Round round : rounds) {
                round.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void writeTime(long at, ByteArrayOutputStream out) throws IOException {
        VarInt.encode(at == NEVER ? 0 : at + 1, out);
    }

    /** Reads what {@link #bytes()} gives; of null, a shard of which nothing is known. */
    static ShardStatus of(byte @Nullable [] bytes) {
        ShardStatus status = new ShardStatus();
        if (bytes == null) {
            return status;
        }
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try {
            Versioned.read("status", VERSION, in);
            status.timerAt = readTime(in);
            status.takeAt = readTime(in);
            status.stageAt = readTime(in);
            status.tellAt = readTime(in);
            status.forgetAt = readTime(in);
            status.yieldsUntil = readTime(in);
            status.generation = VarInt.decodeLong(in);
            status.generationVersion = ZigZag.decode(VarInt.decodeLong(in));
            status.generationHasAll = in.read() == 1;
            status.received = VarInt.decodeLong(in);
            status.receivedAt = VarInt.decodeLong(in);
            status.expected = ZigZag.decode(VarInt.decodeLong(in));
            status.completeGeneration = VarInt.decodeLong(in);
            status.completeVersion = ZigZag.decode(VarInt.decodeLong(in));
            status.completeHasAll = in.read() == 1;
            status.allVersion = ZigZag.decode(VarInt.decodeLong(in));
            status.keys = VarInt.decodeLong(in);
            status.nextPage = VarInt.decodeLong(in);
            for (int listings = VarInt.decodeInt(in); listings > 0; listings--) {
                status.listings.add(Listing.read(in));
            }
            while (in.available() > 0) {
                status.rounds.add(Round.read(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the status of a shard must be as it was written", e);
        }
        return status;
    }

    private static long readTime(ByteArrayInputStream in) throws IOException {
        long written = VarInt.decodeLong(in);
        return written == 0 ? NEVER : written - 1;
    }
}
