package io.millrace.io.view;

import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** A key of a view, for which something is owed. */
record OwedKey(String text) {
    static final Coder<OwedKey> CODER = new KeyCoder();

    private static final class KeyCoder extends AtomicCoder<OwedKey> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(OwedKey key, OutputStream out) throws IOException {
            out.write(VERSION);
            StringUtf8Coder.of().encode(key.text, out);
        }

        @Override
        public OwedKey decode(InputStream in) throws IOException {
            Versioned.read("key", VERSION, in);
            return new OwedKey(StringUtf8Coder.of().decode(in));
        }

        @Override
        public boolean consistentWithEquals() {
            return true;
        }
    }
}
