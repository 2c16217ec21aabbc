package io.millrace.io.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads the lines of a text as bytes: each ends in {@code \n} or {@code \r\n}, the last one may end without; empty ones are skipped. */
final class LineReader {
    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[1 << 16];
    private int next;
    private int limit;
    private long position;
    private long lineStart;
    private byte[] line = new byte[0];

    /** Reads a text that begins at a position. */
    LineReader(InputStream in, long position) {
        this(in, position, Integer.MAX_VALUE);
    }

    /** Reads a text that begins at a position; fails at a line that is longer. */
    LineReader(InputStream in, long position, int longest) {
        this.in = in;
        this.position = position;
        this.longest = longest;
    }

    /** Passes over what is left of the line that the text begins within. */
    void skipRestOfLine() throws IOException {
        readLine();
    }

    /** Goes to the next line that is not empty. False at the end. */
    boolean advance() throws IOException {
        do {
            lineStart = position;
            if (!readLine()) {
                return false;
            }
        } while (line.length == 0);
        return true;
    }

    /** The position behind what was read. */
    long position() {
        return position;
    }

    /** The position of the line's first byte. */
    long lineStart() {
        return lineStart;
    }

    /** The line, without its line break. */
    byte[] line() {
        return line;
    }

    private boolean readLine() throws IOException {
        if (!fill()) {
            return false;
        }
        byte[] read = new byte[0];
        boolean ended = false;
        while (!ended && fill()) {
            int end = breakWithin();
            ended = end < limit;
            read = append(read, end);
            position += end - next + (ended ? 1 : 0);
            next = ended ? end + 1 : end;
        }
        line = ended && endsInReturn(read) ? Arrays.copyOf(read, read.length - 1) : read;
        return true;
    }

    private int breakWithin() {
        int end = next;
        while (end < limit && buffer[end] != '\n') {
            end++;
        }
        return end;
    }

    private byte[] append(byte[] read, int end) throws IOException {
        if (end - next > longest - read.length) {
            throw new IOException("the line at byte " + lineStart + " must have at most " + longest + " bytes");
        }
        byte[] longer = Arrays.copyOf(read, read.length + end - next);
        System.arraycopy(buffer, next, longer, read.length, end - next);
        return longer;
    }

    private static boolean endsInReturn(byte[] read) {
        return read.length > 0 && read[read.length - 1] == '\r';
    }

    private boolean fill() throws IOException {
        if (next == limit) {
            next = 0;
            limit = Math.max(0, in.read(buffer));
        }
        return next < limit;
    }
}
