package io.millrace.transforms.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** The parts that the coders of this package are made of. */
final class Encoding {
    private Encoding() {}

    static void writeVersion(int version, OutputStream out) throws IOException {
        out.write(version);
    }

    static void readVersion(String what, int expected, InputStream in) throws IOException {
        int version = in.read();
        if (version != expected) {
            throw new CoderException(what + " must be of version " + expected + ", but was of version " + version);
        }
    }

    static void writeText(String text, OutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        VarInt.encode(bytes.length, out);
        out.write(bytes);
    }

    static String readText(InputStream in) throws IOException {
        return new String(readExactly(VarInt.decodeInt(in), in), StandardCharsets.UTF_8);
    }

    /** Length plus one, then the bytes; 0 for null. */
    static void writeNullable(byte @Nullable [] bytes, OutputStream out) throws IOException {
        if (bytes == null) {
            VarInt.encode(0, out);
        } else {
            VarInt.encode(bytes.length + 1L, out);
            out.write(bytes);
        }
    }

    static byte @Nullable [] readNullable(InputStream in) throws IOException {
        long length = VarInt.decodeLong(in) - 1;
        return length < 0 ? null : readExactly(Math.toIntExact(length), in);
    }

    private static byte[] readExactly(int length, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new CoderException("expected " + length + " bytes, but found " + bytes.length);
        }
        return bytes;
    }
}
