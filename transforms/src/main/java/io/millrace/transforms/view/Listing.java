package io.millrace.transforms.view;

import io.millrace.transforms.view.Round.Work;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * A {@link Round} that begins with a look at all keys of a shard, for those that it is of. Shards look one after the other: all at once would hold up
 * the changes of all.
 *
 * @param request whose it is; empty where nobody asked
 * @param keysPerSecond how many keys a second at most, of all shards; infinite for no limit
 * @param prefix with which its keys begin; empty for all
 * @param at when it looks, by the clock
 */
record Listing(Work work, String request, double keysPerSecond, String prefix, long at) {
    /** So many keys a second are looked at, of all shards: to read and to note a key takes some microseconds. */
    private static final double LOOKED_AT_PER_SECOND = 100_000;

    private static final double MILLIS = 1000;
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    /**
     * A listing that is asked for now.
     *
     * @param keys how many keys the shard has
     */
    static Listing begin(
            Work work, String request, double keysPerSecond, String prefix, long keys, int shard, long now) {
        long phase = (long) (keys * shard * MILLIS / LOOKED_AT_PER_SECOND);
        return new Listing(work, request, keysPerSecond, prefix, now + phase);
    }

    void write(OutputStream out) throws IOException {
        out.write(work.ordinal());
        TEXT.encode(request, out);
        DoubleCoder.of().encode(keysPerSecond, out);
        TEXT.encode(prefix, out);
        VarInt.encode(at, out);
    }

    static Listing read(InputStream in) throws IOException {
        Work work = Work.values()[in.read()];
        String request = TEXT.decode(in);
        double keysPerSecond = DoubleCoder.of().decode(in);
        String prefix = TEXT.decode(in);
        return new Listing(work, request, keysPerSecond, prefix, VarInt.decodeLong(in));
    }
}
