package io.millrace.transforms.enricher;

import io.millrace.transforms.event.Versioned;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Comparator;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;

/**
 * A time, and a place among what has the same time.
 *
 * @param time in epoch milliseconds
 * @param sequence the later has the higher
 */
record Moment(long time, long sequence) implements Comparable<Moment> {
    static final Coder<Moment> CODER = new MomentCoder();

    private static final Comparator<Moment> ORDER =
            Comparator.comparingLong(Moment::time).thenComparingLong(Moment::sequence);

    @Override
    public int compareTo(Moment other) {
        return ORDER.compare(this, other);
    }

    /** Bytes of a fixed length. The order of bytes is the order of moments, so a store that sorts by bytes has those of a time together. */
    private static final class MomentCoder extends AtomicCoder<Moment> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(Moment moment, OutputStream out) throws IOException {
            DataOutputStream data = new DataOutputStream(out);
            data.writeByte(VERSION);
            data.writeLong(moment.time ^ Long.MIN_VALUE);
            data.writeLong(moment.sequence ^ Long.MIN_VALUE);
        }

        @Override
        public Moment decode(InputStream in) throws IOException {
            Versioned.read("moment", VERSION, in);
            DataInputStream data = new DataInputStream(in);
            long time = data.readLong() ^ Long.MIN_VALUE;
            return new Moment(time, data.readLong() ^ Long.MIN_VALUE);
        }

        @Override
        public boolean consistentWithEquals() {
            return true;
        }
    }
}
