package io.millrace.transforms.view;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a view should hold, as whoever knows it gives it: in pages, one after the other.
 *
 * <p>It is read again and again, each time from its beginning; that is a generation. A reader keeps nothing from one page to the next but the
 * cursor, so that another one, after a restart, goes on where the last page ended.
 *
 * @param <EntryT> what a page has many of
 */
public interface FullPublish<EntryT> extends Serializable {
    /** The cursor of the first page. */
    String BEGINNING = "";

    /** Opens a reader, for one thread; nothing is asked yet. */
    Reader<EntryT> open();

    /** Reads pages. */
    interface Reader<EntryT> extends Closeable {

        /**
         * Reads the page that a cursor leads to.
         *
         * @throws BrokenOffException if what was begun cannot be gone on with, however often it is tried
         * @throws IOException if the page cannot be read now; it is tried again later
         */
        Page<EntryT> read(String cursor) throws IOException, InterruptedException;
    }

    /**
     * A page.
     *
     * @param entries what is on it
     * @param next the cursor of the next page; null if this is the last
     * @param version as of which version everything is, where the first page says it; null where it does not
     */
    record Page<EntryT>(
            List<EntryT> entries,
            @Nullable String next,
            @Nullable Long version) {
        public Page {
            entries = List.copyOf(entries);
            checkArgument(next == null || !next.isEmpty(), "next must not be empty: that is the beginning");
        }
    }

    /** What was begun cannot be gone on with: it has changed meanwhile, or is no longer there. A next generation begins anew. */
    final class BrokenOffException extends IOException {
        private static final long serialVersionUID = 1;

        public BrokenOffException(String message) {
            super(message);
        }

        public BrokenOffException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
