package io.millrace.transforms.enricher;

import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * What there is to do for a key.
 *
 * @param earliest the earliest time of an element that waits, or {@link #NEVER}
 * @param forgetAt when it is looked next what can be forgotten, or {@link #NEVER}
 * @param hasLater whether there are versions behind the first
 */
record Book(long earliest, long forgetAt, boolean hasLater) {
    static final long NEVER = Long.MAX_VALUE;
    static final Book EMPTY = new Book(NEVER, NEVER, false);
    static final Coder<Book> CODER = new BookCoder();

    Book withEarliest(long earliest) {
        return new Book(earliest, forgetAt, hasLater);
    }

    Book withForgetAt(long forgetAt) {
        return new Book(earliest, forgetAt, hasLater);
    }

    Book withLater(boolean hasLater) {
        return new Book(earliest, forgetAt, hasLater);
    }

    private static final class BookCoder extends AtomicCoder<Book> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(Book book, OutputStream out) throws IOException {
            out.write(VERSION);
            VarInt.encode(book.earliest, out);
            VarInt.encode(book.forgetAt, out);
            out.write(book.hasLater ? 1 : 0);
        }

        @Override
        public Book decode(InputStream in) throws IOException {
            Versioned.read("book", VERSION, in);
            return new Book(VarInt.decodeLong(in), VarInt.decodeLong(in), in.read() == 1);
        }
    }
}
