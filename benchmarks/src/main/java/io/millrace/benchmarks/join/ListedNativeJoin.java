package io.millrace.benchmarks.join;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** By the book: a list of impressions and one of plays, to which is only added; they are read by a timer. */
public final class ListedNativeJoin extends NativeJob {
    @Override
    KeyedCoProcessFunction<String, Tuple2<String, byte[]>, Tuple2<String, byte[]>, Tuple2<String, byte[]>> join() {
        return new Join();
    }

    private static final class Join
            extends KeyedCoProcessFunction<
                    String, Tuple2<String, byte[]>, Tuple2<String, byte[]>, Tuple2<String, byte[]>> {
        private static final long serialVersionUID = 1;
        private static final long LOOKBACK = Views.LOOKBACK.toMillis();
        private static final TypeInformation<Tuple2<Long, byte[]>> ENTRY =
                Types.TUPLE(Types.LONG, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

        private transient @Nullable ListState<Tuple2<Long, byte[]>> impressions;
        private transient @Nullable ListState<Tuple2<Long, byte[]>> plays;
        private transient @Nullable ValueState<Long> forgetAt;

        @Override
        public void open(Configuration configuration) {
            impressions = getRuntimeContext().getListState(new ListStateDescriptor<>("impressions", ENTRY));
            plays = getRuntimeContext().getListState(new ListStateDescriptor<>("plays", ENTRY));
            forgetAt = getRuntimeContext().getState(new ValueStateDescriptor<>("forgetAt", Types.LONG));
        }

        @Override
        @SuppressWarnings("NullAway") // opened before it is used
        public void processElement1(
                Tuple2<String, byte[]> impression, Context context, Collector<Tuple2<String, byte[]>> out)
                throws Exception {
            long time = context.timestamp();
            if (time < context.timerService().currentWatermark()) {
                return;
            }
            impressions.add(Tuple2.of(time, impression.f1));
            if (forgetAt.value() == null) {
                forgetAt.update(time + LOOKBACK + 1);
                context.timerService().registerEventTimeTimer(time + LOOKBACK + 1);
            }
        }

        @Override
        @SuppressWarnings("NullAway") // opened before it is used
        public void processElement2(Tuple2<String, byte[]> play, Context context, Collector<Tuple2<String, byte[]>> out)
                throws Exception {
            long time = context.timestamp();
            if (time < context.timerService().currentWatermark()) {
                return;
            }
            plays.add(Tuple2.of(time, play.f1));
            context.timerService().registerEventTimeTimer(time + 1);
        }

        @Override
        @SuppressWarnings("NullAway") // opened before it is used
        public void onTimer(long timestamp, OnTimerContext context, Collector<Tuple2<String, byte[]>> out)
                throws Exception {
            long watermark = context.timerService().currentWatermark();
            List<Tuple2<Long, byte[]>> kept = sorted(impressions);
            List<Tuple2<Long, byte[]>> waiting = new ArrayList<>();
            List<Tuple2<Long, byte[]>> all = sorted(plays);
            for (Tuple2<Long, byte[]> play : all) {
                if (play.f0 >= watermark) {
                    waiting.add(play);
                } else {
                    join(play, kept, context.getCurrentKey(), out);
                }
            }
            if (waiting.size() < all.size()) {
                plays.update(waiting);
            }
            Long deadline = forgetAt.value();
            if (deadline != null && deadline <= watermark) {
                forget(kept, watermark, context);
            }
        }

        @SuppressWarnings("NullAway") // opened before it is used
        private void forget(List<Tuple2<Long, byte[]>> kept, long watermark, OnTimerContext context) throws Exception {
            kept.removeIf(impression -> impression.f0 + LOOKBACK < watermark);
            impressions.update(kept);
            if (kept.isEmpty()) {
                forgetAt.clear();
            } else {
                long next = kept.get(kept.size() - 1).f0 + LOOKBACK + 1;
                forgetAt.update(next);
                context.timerService().registerEventTimeTimer(next);
            }
        }

        private static List<Tuple2<Long, byte[]>> sorted(ListState<Tuple2<Long, byte[]>> state) throws Exception {
            List<Tuple2<Long, byte[]>> all = new ArrayList<>();
            state.get().forEach(all::add);
            all.sort(Comparator.comparingLong(entry -> entry.f0));
            return all;
        }

        private static void join(
                Tuple2<Long, byte[]> play,
                List<Tuple2<Long, byte[]>> impressions,
                String key,
                Collector<Tuple2<String, byte[]>> out) {
            Led led = null;
            for (Tuple2<Long, byte[]> impression : impressions) {
                if (impression.f0 <= play.f0 && impression.f0 + LOOKBACK >= play.f0) {
                    Led one = Led.by(impression.f1);
                    led = led == null ? one : led.and(one);
                }
            }
            if (led != null) {
                out.collect(Tuple2.of(key, led.joinedWith(play.f1)));
            }
        }
    }
}
