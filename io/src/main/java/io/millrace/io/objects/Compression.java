package io.millrace.io.objects;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** How the text of an object is compressed. The same text gives the same bytes, so what is written again replaces itself. */
public enum Compression {
    /** Not at all: names end in {@code .jsonl}. */
    NONE(".jsonl"),
    /** By gzip, without a time in its header: names end in {@code .jsonl.gz}. */
    GZIP(".jsonl.gz");

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /** What names of objects end in. */
    String suffix() {
        return suffix;
    }

    /** A stream that compresses what is written to it. */
    OutputStream compress(OutputStream out) throws IOException {
        return this == GZIP ? new GZIPOutputStream(out, 1 << 16) : out;
    }
}
