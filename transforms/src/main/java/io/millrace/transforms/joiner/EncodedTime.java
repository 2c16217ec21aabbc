package io.millrace.transforms.joiner;

import io.millrace.transforms.shard.ZigZag;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.util.VarInt;

/** A time as a signed distance from another, or that there is none. */
final class EncodedTime {
    private static final int NONE = 0;

    private EncodedTime() {}

    /** Writes a time; one that is the value for none as that. */
    static void write(long time, long none, long base, OutputStream out) throws IOException {
        VarInt.encode(time == none ? NONE : ZigZag.encode(time - base) + 1, out);
    }

    /** Reads a time, or the value for none. */
    static long read(long none, long base, InputStream in) throws IOException {
        long written = VarInt.decodeLong(in);
        return written == NONE ? none : base + ZigZag.decode(written - 1);
    }
}
