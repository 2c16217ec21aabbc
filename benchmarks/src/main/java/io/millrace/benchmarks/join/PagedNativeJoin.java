package io.millrace.benchmarks.join;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.util.VarInt;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** By Millrace's algorithm: what is kept of a key is one value, behind which more is written, and which is looked through by a timer. */
public final class PagedNativeJoin extends NativeJob {
    @Override
    KeyedCoProcessFunction<String, Tuple2<String, byte[]>, Tuple2<String, byte[]>, Tuple2<String, byte[]>> join() {
        return new Join();
    }

    private record Kept(long time, byte side, byte[] content) {}

    private static final class Join
            extends KeyedCoProcessFunction<
                    String, Tuple2<String, byte[]>, Tuple2<String, byte[]>, Tuple2<String, byte[]>> {
        private static final long serialVersionUID = 1;
        private static final int HEADER = 2 * Long.BYTES;
        private static final long LOOKBACK = Views.LOOKBACK.toMillis();

        private transient @Nullable ValueState<byte[]> page;

        @Override
        public void open(Configuration configuration) {
            page = getRuntimeContext()
                    .getState(
                            new ValueStateDescriptor<>("page", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        }

        @Override
        public void processElement1(
                Tuple2<String, byte[]> impression, Context context, Collector<Tuple2<String, byte[]>> out)
                throws Exception {
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            Led.by(impression.f1).write(kept);
            take(new Kept(context.timestamp(), Views.IMPRESSION, kept.toByteArray()), context);
        }

        @Override
        public void processElement2(Tuple2<String, byte[]> play, Context context, Collector<Tuple2<String, byte[]>> out)
                throws Exception {
            take(new Kept(context.timestamp(), Views.PLAY, play.f1), context);
        }

        @SuppressWarnings("NullAway") // opened before it is used
        private void take(Kept entry, Context context) throws IOException {
            if (entry.time() < context.timerService().currentWatermark()) {
                return;
            }
            byte[] before = page.value();
            long leaveAt =
                    before == null ? Long.MAX_VALUE : ByteBuffer.wrap(before).getLong(0);
            long forgetAt =
                    before == null ? Long.MAX_VALUE : ByteBuffer.wrap(before).getLong(Long.BYTES);
            if (entry.side() == Views.PLAY && entry.time() + 1 < leaveAt) {
                leaveAt = entry.time() + 1;
                context.timerService().registerEventTimeTimer(leaveAt);
            } else if (entry.side() == Views.IMPRESSION && forgetAt == Long.MAX_VALUE) {
                forgetAt = entry.time() + LOOKBACK + 1;
                context.timerService().registerEventTimeTimer(forgetAt);
            }
            ByteArrayOutputStream after =
                    new ByteArrayOutputStream(entry.content().length + 16 + (before == null ? HEADER : before.length));
            after.write(ByteBuffer.allocate(HEADER)
                    .putLong(leaveAt)
                    .putLong(forgetAt)
                    .array());
            if (before != null) {
                after.write(before, HEADER, before.length - HEADER);
            }
            write(entry, after);
            page.update(after.toByteArray());
        }

        private static void write(Kept entry, ByteArrayOutputStream out) throws IOException {
            out.write(entry.side());
            VarInt.encode(entry.time(), out);
            VarInt.encode(entry.content().length, out);
            out.write(entry.content());
        }

        private static List<Kept> read(byte[] page) throws IOException {
            ByteArrayInputStream in = new ByteArrayInputStream(page, HEADER, page.length - HEADER);
            List<Kept> entries = new ArrayList<>();
            while (in.available() > 0) {
                byte side = (byte) in.read();
                long time = VarInt.decodeLong(in);
                entries.add(new Kept(time, side, in.readNBytes(VarInt.decodeInt(in))));
            }
            entries.sort(Comparator.comparingLong(Kept::time));
            return entries;
        }

        @Override
        @SuppressWarnings("NullAway") // opened before it is used
        public void onTimer(long timestamp, OnTimerContext context, Collector<Tuple2<String, byte[]>> out)
                throws Exception {
            byte[] before = page.value();
            if (before == null) {
                return;
            }
            long watermark = context.timerService().currentWatermark();
            List<Kept> entries = read(before);
            List<Kept> rest = new ArrayList<>();
            long leaveAt = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (Kept entry : entries) {
                if (entry.side() == Views.PLAY) {
                    if (entry.time() >= watermark) {
                        rest.add(entry);
                        leaveAt = Math.min(leaveAt, entry.time() + 1);
                    } else {
                        join(entry, entries, context.getCurrentKey(), out);
                    }
                } else if (entry.time() + LOOKBACK >= watermark) {
                    rest.add(entry);
                    last = entry.time();
                }
            }
            if (rest.isEmpty()) {
                page.clear();
                return;
            }
            long forgetAt = ByteBuffer.wrap(before).getLong(Long.BYTES);
            if (forgetAt <= watermark && last != Long.MIN_VALUE) {
                forgetAt = last + LOOKBACK + 1;
                context.timerService().registerEventTimeTimer(forgetAt);
            }
            if (leaveAt != Long.MAX_VALUE) {
                context.timerService().registerEventTimeTimer(leaveAt);
            }
            ByteArrayOutputStream after = new ByteArrayOutputStream(before.length);
            after.write(ByteBuffer.allocate(HEADER)
                    .putLong(leaveAt)
                    .putLong(forgetAt)
                    .array());
            for (Kept entry : rest) {
                write(entry, after);
            }
            page.update(after.toByteArray());
        }

        private static void join(Kept play, List<Kept> entries, String key, Collector<Tuple2<String, byte[]>> out)
                throws IOException {
            Led led = null;
            for (Kept entry : entries) {
                if (entry.side() == Views.IMPRESSION
                        && entry.time() <= play.time()
                        && entry.time() + LOOKBACK >= play.time()) {
                    Led one = Led.read(new ByteArrayInputStream(entry.content()));
                    led = led == null ? one : led.and(one);
                }
            }
            if (led != null) {
                out.collect(Tuple2.of(key, led.joinedWith(play.content())));
            }
        }
    }
}
