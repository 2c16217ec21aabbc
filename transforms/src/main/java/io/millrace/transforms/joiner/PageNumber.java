package io.millrace.transforms.joiner;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.KeyBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/** An earlier page of a key. */
record PageNumber(KeyBytes key, int number) {
    static final Coder<PageNumber> CODER = new NumberCoder();

    private static final class NumberCoder extends AtomicCoder<PageNumber> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(PageNumber page, OutputStream out) throws IOException {
            out.write(VERSION);
            KeyBytes.CODER.encode(page.key, out);
            VarInt.encode(page.number, out);
        }

        @Override
        public PageNumber decode(InputStream in) throws IOException {
            Versioned.read("page number", VERSION, in);
            KeyBytes key = KeyBytes.CODER.decode(in);
            return new PageNumber(key, VarInt.decodeInt(in));
        }
    }
}
