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
    private static final int FIRST_VERSION = 1;

    private final String what;
    private final int version;

    StateCoder(String what) {
        this(what, FIRST_VERSION);
    }

    /** A coder of a form that has changed: what was written in an earlier one is refused. */
    StateCoder(String what, int version) {
        this.what = what;
        this.version = version;
    }

    abstract void encodeParts(T value, OutputStream out) throws IOException;

    abstract T decodeParts(InputStream in) throws IOException;

    @Override
    public final void encode(T value, OutputStream out) throws IOException {
        out.write(version);
        encodeParts(value, out);
    }

    @Override
    public final T decode(InputStream in) throws IOException {
        int written = in.read();
        if (written != version) {
            throw new CoderException(what + " must be of version " + version + ", but was of version " + written);
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
