package io.millrace.io.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.util.VarInt;

/**
 * How far the object of one window and shard has come: which decides when it is written.
 *
 * <p>It is written when the watermark reaches the window's end, soon after a late event (once for all that come until then), and
 * before the window is closed if anything is unwritten. Exactly one event-time timer is pending while there is progress, first
 * for the end and then for the closing, so none is ever taken back.
 *
 * @param ended whether the window's end has passed, so that the pending timer is the one for its closing
 * @param unwritten whether there are lines that the object does not have yet
 * @param rewriteDue whether a rewrite for late events is under way
 * @param delivered how many results the object has
 */
record WindowProgress(boolean ended, boolean unwritten, boolean rewriteDue, long delivered) {
    static final StateCoder<WindowProgress> CODER = new WindowProgressCoder();
    private static final int ENDED = 1;
    private static final int UNWRITTEN = 2;
    private static final int REWRITE_DUE = 4;

    /** Before the first event of a window, which may have ended already. */
    static WindowProgress beginning(boolean ended) {
        return new WindowProgress(ended, false, false, 0);
    }

    /** After an event that came in time. */
    WindowProgress received() {
        return new WindowProgress(ended, true, ended, delivered);
    }

    /** After the end of the window. */
    WindowProgress ending() {
        return new WindowProgress(true, unwritten, rewriteDue, delivered);
    }

    /** After the object was written with so many results. */
    WindowProgress written(long results) {
        return new WindowProgress(ended, false, false, results);
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
                    | (progress.rewriteDue ? REWRITE_DUE : 0));
            VarInt.encode(progress.delivered, out);
        }

        @Override
        WindowProgress decodeParts(InputStream in) throws IOException {
            int flags = in.read();
            return new WindowProgress(
                    (flags & ENDED) != 0, (flags & UNWRITTEN) != 0, (flags & REWRITE_DUE) != 0, VarInt.decodeLong(in));
        }
    }
}
