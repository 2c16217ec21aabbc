package io.millrace.io.table;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a text as bytes, without their line breaks, and counts them from 1. */
final class Lines {
    static final int LONGEST = 64 << 20;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int[] GZIP = {0x1F, 0x8B};

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int limit;
    private byte[] line = new byte[1 << 10];
    private int length;
    private long number;

    private Lines(InputStream in) {
        this.in = in;
    }

    /** The lines of a text, which is uncompressed where it begins as gzip does: no text of JSON can. */
    static Lines of(InputStream text) throws IOException {
        PushbackInputStream in = new PushbackInputStream(text, GZIP.length);
        byte[] begin = in.readNBytes(GZIP.length);
        in.unread(begin);
        boolean isGzip = begin.length == GZIP.length && (begin[0] & 0xFF) == GZIP[0] && (begin[1] & 0xFF) == GZIP[1];
        return new Lines(isGzip ? uncompressed(in) : in);
    }

    private static InputStream uncompressed(InputStream in) throws IOException {
        try {
            return new GzipMembers(in);
        } catch (EOFException | ZipException e) {
            throw broken(0, e);
        }
    }

    /** The number of the line that was read last. */
    long number() {
        return number;
    }

    /** The next line; null at the end. */
    byte @Nullable [] next() throws IOException {
        try {
            return line();
        } catch (EOFException | ZipException e) {
            throw broken(number, e);
        }
    }

    private static IOException broken(long number, IOException failure) {
        return new IOException(
                "near line " + number + " it must be whole and compressed with gzip, but "
                        + (failure instanceof EOFException ? "it ends too early" : failure.getMessage()),
                failure);
    }

    private byte @Nullable [] line() throws IOException {
        if (!fill()) {
            return null;
        }
        number++;
        length = 0;
        boolean ended = false;
        while (!ended && fill()) {
            int end = breakWithin();
            ended = end < limit;
            append(end);
            next = ended ? end + 1 : end;
        }
        return Arrays.copyOf(line, length > 0 && line[length - 1] == '\r' ? length - 1 : length);
    }

    private int breakWithin() {
        int end = next;
        while (end < limit && buffer[end] != '\n') {
            end++;
        }
        return end;
    }

    private void append(int end) throws IOException {
        int longer = length + end - next;
        if (longer > LONGEST) {
            throw new IOException("line " + number + ": must have at most " + LONGEST + " bytes");
        }
        if (longer > line.length) {
            line = Arrays.copyOf(line, Math.max(longer, 2 * line.length));
        }
        System.arraycopy(buffer, next, line, length, end - next);
        length = longer;
    }

    private boolean fill() throws IOException {
        if (next == limit) {
            next = 0;
            limit = Math.max(0, in.read(buffer));
        }
        return next < limit;
    }
}
