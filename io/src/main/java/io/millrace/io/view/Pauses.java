package io.millrace.io.view;

import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;
import org.joda.time.Duration;

/**
 * How long it is until what is owed is tried again: half a second, then twice as long each time, up to ten seconds. And, when nothing is owed any
 * more, for how long it is remembered that something was.
 *
 * @param inVain how often in a row nothing could be settled
 */
record Pauses(int inVain) {
    static final Coder<Pauses> CODER = new PausesCoder();
    static final Pauses NONE = new Pauses(0);

    /** Nothing is owed any more. */
    static final Pauses SETTLED = new Pauses(-1);

    private static final Duration FIRST = Duration.millis(500);
    private static final Duration LONGEST = Duration.standardSeconds(10);
    private static final Duration REMEMBERED = Duration.standardMinutes(1);
    private static final int DOUBLINGS = 5;

    Pauses another() {
        return new Pauses(Math.min(DOUBLINGS, inVain + 1));
    }

    Duration next() {
        if (equals(SETTLED)) {
            return REMEMBERED;
        }
        long millis = FIRST.getMillis() << Math.min(DOUBLINGS, inVain);
        return Duration.millis(Math.min(millis, LONGEST.getMillis()));
    }

    private static final class PausesCoder extends AtomicCoder<Pauses> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(Pauses pauses, OutputStream out) throws IOException {
            out.write(VERSION);
            VarInt.encode(pauses.inVain, out);
        }

        @Override
        public Pauses decode(InputStream in) throws IOException {
            Versioned.read("pauses", VERSION, in);
            return new Pauses(VarInt.decodeInt(in));
        }
    }
}
