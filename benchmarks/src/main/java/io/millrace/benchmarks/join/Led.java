package io.millrace.benchmarks.join;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.util.VarInt;

/** What is kept of impressions: how many, the first and the last. */
@SuppressWarnings("ArrayRecordComponent")
record Led(int count, byte[] first, byte[] last) implements Serializable {
    private static final Led NONE = new Led(0, new byte[0], new byte[0]);

    static Led by(byte[] impression) {
        return new Led(1, impression, impression);
    }

    /** These, and later ones. */
    Led and(Led later) {
        return count == 0 ? later : new Led(count + later.count, first, later.last);
    }

    /** What leaves of a play. */
    byte[] joinedWith(byte[] play) {
        byte[] led = (" after " + count + ": ").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[play.length + led.length + first.length + 1 + last.length];
        System.arraycopy(play, 0, all, 0, play.length);
        System.arraycopy(led, 0, all, play.length, led.length);
        System.arraycopy(first, 0, all, play.length + led.length, first.length);
        all[play.length + led.length + first.length] = ',';
        System.arraycopy(last, 0, all, all.length - last.length, last.length);
        return all;
    }

    void write(OutputStream out) throws IOException {
        VarInt.encode(count, out);
        VarInt.encode(first.length, out);
        out.write(first);
        if (count > 1) {
            VarInt.encode(last.length, out);
            out.write(last);
        }
    }

    static Led read(InputStream in) throws IOException {
        int count = VarInt.decodeInt(in);
        byte[] first = in.readNBytes(VarInt.decodeInt(in));
        byte[] last = count > 1 ? in.readNBytes(VarInt.decodeInt(in)) : first;
        return new Led(count, first, last);
    }

    static final class LedCoder extends AtomicCoder<Led> {
        private static final long serialVersionUID = 1;

        @Override
        public void encode(Led led, OutputStream out) throws IOException {
            led.write(out);
        }

        @Override
        public Led decode(InputStream in) throws IOException {
            return read(in);
        }
    }

    static final class ReduceFn extends CombineFn<byte[], Led, Led> {
        private static final long serialVersionUID = 1;

        @Override
        public Led createAccumulator() {
            return NONE;
        }

        @Override
        public Led addInput(Led led, byte[] impression) {
            return led.and(by(impression));
        }

        @Override
        public Led mergeAccumulators(Iterable<Led> accumulators) {
            Led all = NONE;
            for (Led led : accumulators) {
                all = all.and(led);
            }
            return all;
        }

        @Override
        public Led extractOutput(Led led) {
            return led;
        }

        @Override
        public Coder<Led> getAccumulatorCoder(CoderRegistry registry, Coder<byte[]> input) {
            return new LedCoder();
        }

        @Override
        public Coder<Led> getDefaultOutputCoder(CoderRegistry registry, Coder<byte[]> input) {
            return new LedCoder();
        }
    }
}
