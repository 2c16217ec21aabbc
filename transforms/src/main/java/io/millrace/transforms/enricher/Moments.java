package io.millrace.transforms.enricher;

import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/** Moments in their order, a few bytes each: which version to read, and which to forget, is known without a value of any. */
record Moments(List<Moment> list) {
    static final Moments NONE = new Moments(List.of());
    static final Coder<Moments> CODER = new MomentsCoder();

    /** The same with one more; this, where it is there. */
    Moments with(Moment moment) {
        int place = Collections.binarySearch(list, moment);
        if (place >= 0) {
            return this;
        }
        List<Moment> more = new ArrayList<>(list.size() + 1);
        more.addAll(list);
        more.add(-place - 1, moment);
        return new Moments(more);
    }

    /** The same without the first ones. */
    Moments without(int count) {
        return new Moments(list.subList(count, list.size()));
    }

    /** How many are at a time or before. */
    int countUpTo(long time) {
        int place = Collections.binarySearch(list, new Moment(time, Long.MAX_VALUE));
        return place >= 0 ? place + 1 : -place - 1;
    }

    boolean isEmpty() {
        return list.isEmpty();
    }

    /** Each time but the first is written as what it is behind the one before. */
    private static final class MomentsCoder extends AtomicCoder<Moments> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(Moments moments, OutputStream out) throws IOException {
            out.write(VERSION);
            VarInt.encode(moments.list.size(), out);
            long before = 0;
            for (Moment moment : moments.list) {
                VarInt.encode(moment.time() - before, out);
                VarInt.encode(moment.sequence(), out);
                before = moment.time();
            }
        }

        @Override
        public Moments decode(InputStream in) throws IOException {
            Versioned.read("moments", VERSION, in);
            int count = VarInt.decodeInt(in);
            List<Moment> list = new ArrayList<>(count);
            long time = 0;
            for (int i = 0; i < count; i++) {
                time += VarInt.decodeLong(in);
                list.add(new Moment(time, VarInt.decodeLong(in)));
            }
            return new Moments(list);
        }
    }
}
