package io.millrace.transforms.view;

import io.millrace.transforms.shard.Shards;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * A walk over keys of a shard, page by page, at its shard's part of a rate.
 *
 * @param work what is done with each
 * @param request whose it is; empty where nobody asked
 * @param keysPerSecond how many keys a second at most, of all shards; infinite for no limit
 * @param nextPage the page of keys that is next
 * @param endPage the page behind its last
 * @param nextAt when that is due, by the clock
 * @param done how many keys it has had of which anything was known
 */
record Round(Work work, String request, double keysPerSecond, long nextPage, long endPage, long nextAt, long done) {
    private static final int MOST_KEYS = 256;

    /** So many seconds lie between pages of a shard, where these are not too large: each costs something of its own. */
    private static final double SECONDS_OF_A_PAGE = 4;

    private static final double MILLIS = 1000;

    /** So much of what was missed is made up for: a timer may be late, but who comes back after an hour does not hurry. */
    private static final long MADE_UP_FOR_MILLIS = 1_000;

    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    /** What is done with keys. */
    enum Work {
        FLUSH,
        REPAIR,
        TELL,
        /** A full publish is complete: what it says counts now. */
        COMPLETE,
        /** Items that are gone for long are forgotten. */
        FORGET,
        RENEW;

        static Work of(Kind kind) {
            return switch (kind) {
                case FLUSH -> FLUSH;
                case REPAIR -> REPAIR;
                case RENEW -> RENEW;
                case TELL -> TELL;
                case PUBLISH -> throw new IllegalArgumentException("a publish must not be asked of a shard");
            };
        }
    }

    /**
     * A round that begins now; shards begin one after the other, so that all together keep to the rate from the first key on.
     *
     * @param keysOfAll how many keys all shards have together, about
     */
    static Round begin(
            Work work,
            String request,
            double keysPerSecond,
            long keysOfAll,
            long firstPage,
            long endPage,
            int shard,
            long now) {
        long ofFirstPages = Math.min(keysOfAll, (long) Shards.COUNT * keysOfPage(keysPerSecond));
        long phase = (long) (ofFirstPages * MILLIS / keysPerSecond * shard / Shards.COUNT);
        return new Round(work, request, keysPerSecond, firstPage, endPage, now + phase, 0);
    }

    /** How many keys a page of such a round has. */
    static int keysOfPage(double keysPerSecond) {
        return (int) Math.max(1, Math.min(MOST_KEYS, keysPerSecond * SECONDS_OF_A_PAGE / Shards.COUNT));
    }

    /** How long a shard has for so many keys, at its part of a rate. */
    private static double millisFor(int keys, double keysPerSecond) {
        return keys * MILLIS * Shards.COUNT / keysPerSecond;
    }

    boolean isOver() {
        return nextPage == endPage;
    }

    /** What is left when a page of so many keys was walked over, of so many of which anything was known. */
    Round after(int keys, int known, long now) {
        long next = Math.max(now - MADE_UP_FOR_MILLIS, nextAt + (long) millisFor(keys, keysPerSecond));
        return new Round(work, request, keysPerSecond, nextPage + 1, endPage, next, done + known);
    }

    void write(OutputStream out) throws IOException {
        out.write(work.ordinal());
        TEXT.encode(request, out);
        DoubleCoder.of().encode(keysPerSecond, out);
        VarInt.encode(nextPage, out);
        VarInt.encode(endPage, out);
        VarInt.encode(nextAt, out);
        VarInt.encode(done, out);
    }

    static Round read(InputStream in) throws IOException {
        Work work = Work.values()[in.read()];
        String request = TEXT.decode(in);
        double keysPerSecond = DoubleCoder.of().decode(in);
        long nextPage = VarInt.decodeLong(in);
        long endPage = VarInt.decodeLong(in);
        long nextAt = VarInt.decodeLong(in);
        return new Round(work, request, keysPerSecond, nextPage, endPage, nextAt, VarInt.decodeLong(in));
    }
}
