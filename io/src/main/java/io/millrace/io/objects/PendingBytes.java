package io.millrace.io.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * How much of a shard waits to be written.
 *
 * @param bytes the size of its blocks
 */
record PendingBytes(long bytes) {
    static final StateCoder<PendingBytes> CODER = new PendingBytesCoder();
    private static final PendingBytes NONE = new PendingBytes(0);

    static PendingBytes orNone(@Nullable PendingBytes pending) {
        return pending == null ? NONE : pending;
    }

    PendingBytes and(long more) {
        return new PendingBytes(bytes + more);
    }

    private static final class PendingBytesCoder extends StateCoder<PendingBytes> {
        private static final long serialVersionUID = 1;

        PendingBytesCoder() {
            super("pending bytes");
        }

        @Override
        void encodeParts(PendingBytes pending, OutputStream out) throws IOException {
            VarInt.encode(pending.bytes, out);
        }

        @Override
        PendingBytes decodeParts(InputStream in) throws IOException {
            return new PendingBytes(VarInt.decodeLong(in));
        }
    }
}
