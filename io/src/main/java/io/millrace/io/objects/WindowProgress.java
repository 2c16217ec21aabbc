package io.millrace.io.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.util.VarInt;

/**
 * How far the object of one window and shard has come: which decides when it is written.
 *
 * <p>It is written when the watermark reaches the window's end, soon after a late event (once for all that come until then), and
 * before the window is closed if anything is unwritten; where that cannot be, soon after. Exactly one event-time timer is pending while
 * there is progress, first for the end, then for the closing, and where a closed window is unwritten for a look after it, so none is ever
 * taken back.
 *
 * @param ended whether the window's end has passed, so that the pending timer is the one for its closing
 * @param unwritten whether there are lines that the object does not have yet
 * @param rewriteDue whether a rewrite, for late events or since one could not be made, is under way
 * @param closed whether the window is closed, so that nothing is left to be done but to write it
 * @param delivered how many results the object has
 */
record WindowProgress(boolean ended, boolean unwritten, boolean rewriteDue, boolean closed, long delivered) {
    static final StateCoder<WindowProgress> CODER = new WindowProgressCoder();
    private static final int ENDED = 1;
    private static final int UNWRITTEN = 2;
    private static final int REWRITE_DUE = 4;
    private static final int CLOSED = 8;

    /** Before the first event of a window, which may have ended already. */
    static WindowProgress beginning(boolean ended) {
        return new WindowProgress(ended, false, false, false, 0);
    }

    /** After an event that came in time. */
    WindowProgress received() {
        return new WindowProgress(ended, true, ended, closed, delivered);
    }

    /** After the end of the window. */
    WindowProgress ending() {
        return new WindowProgress(true, unwritten, unwritten, closed, delivered);
    }

    /** After the closing of the window. */
    WindowProgress closing() {
        return new WindowProgress(true, unwritten, unwritten, true, delivered);
    }

    /** After the object was written with so many results. */
    WindowProgress written(long results) {
        return new WindowProgress(ended, false, false, closed, results);
    }

    /** Whether the window is closed and its object has everything. */
    boolean isComplete() {
        return closed && !unwritten;
    }

    private static final class WindowProgressCoder extends StateCoder<WindowProgress> {
        private static final long serialVersionUID = 1;

        WindowProgressCoder() {
            super("window progress");
        }

        @Override
        void encodeParts(WindowProgress progress, OutputStream out) throws IOException {
            out.write((progress.ended ? ENDED : 0)
                    | (progress.unwritten ? UNWRITTEN : 0)
                    | (progress.rewriteDue ? REWRITE_DUE : 0)
                    | (progress.closed ? CLOSED : 0));
            VarInt.encode(progress.delivered, out);
        }

        @Override
        WindowProgress decodeParts(InputStream in) throws IOException {
            int flags = in.read();
            return new WindowProgress(
                    (flags & ENDED) != 0,
                    (flags & UNWRITTEN) != 0,
                    (flags & REWRITE_DUE) != 0,
                    (flags & CLOSED) != 0,
                    VarInt.decodeLong(in));
        }
    }
}
