package io.millrace.io.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Encodes what is kept in state or is a key: a version byte, then its parts. Deterministic. */
abstract class StateCoder<T> extends AtomicCoder<T> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final String what;

    StateCoder(String what) {
        this.what = what;
    }

    abstract void encodeParts(T value, OutputStream out) throws IOException;

    abstract T decodeParts(InputStream in) throws IOException;

    @Override
    public final void encode(T value, OutputStream out) throws IOException {
        out.write(VERSION);
        encodeParts(value, out);
    }

    @Override
    public final T decode(InputStream in) throws IOException {
        int version = in.read();
        if (version != VERSION) {
            throw new CoderException(what + " must be of version " + VERSION + ", but was of version " + version);
        }
        return decodeParts(in);
    }

    @Override
    public boolean consistentWithEquals() {
        return true;
    }

    static void writeText(String text, OutputStream out) throws IOException {
        StringUtf8Coder.of().encode(text, out);
    }

    static String readText(InputStream in) throws IOException {
        return StringUtf8Coder.of().decode(in);
    }
}
