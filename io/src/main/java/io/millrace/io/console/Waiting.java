package io.millrace.io.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;

/** Lines that wait to be printed. */
final class Waiting implements Serializable {
    private static final long serialVersionUID = 1;

    private final ArrayList<byte[]> lines = new ArrayList<>();
    private long sizeBytes;

    void add(byte[] line) {
        lines.add(line);
        sizeBytes += line.length + 1L;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    int lines() {
        return lines.size();
    }

    void writeTo(OutputStream out) throws IOException {
        for (byte[] line : lines) {
            out.write(line);
            out.write('\n');
        }
    }

    void clear() {
        lines.clear();
        sizeBytes = 0;
    }
}
