package io.millrace.io.table;

import java.io.IOException;
import java.io.InputStream;

/** Takes the rows of a place, each one JSON object. */
public interface RowReader {
    /**
     * Takes a row.
     *
     * @throws IOException if it is none
     * @throws InterruptedException if the thread is interrupted
     */
    void row(byte[] row) throws IOException, InterruptedException;

    /**
     * Takes the lines of a text up to its end, which may be compressed with gzip, whatever it is called; empty ones are none.
     *
     * @throws IOException if one of them is no row, with its number, or the text cannot be read
     * @throws InterruptedException if the thread is interrupted
     */
    void lines(InputStream text) throws IOException, InterruptedException;
}
