package io.millrace.io.objects;

import com.google.common.collect.Lists;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.RouteMetrics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Gathers the events of a bundle by shard and window, and gives up those that cannot be a line. */
final class PrepareLinesFn extends DoFn<Event, KV<Integer, EventBatch>> {
    static final TupleTag<KV<Integer, EventBatch>> BATCHES = new TupleTag<>("batches");
    static final TupleTag<DeadLetter> REFUSED = new TupleTag<>("refused");

    private static final long serialVersionUID = 1;

    /** However large a bundle is: a batch is one element of a shuffle and of state. */
    private static final int MAX_EVENTS_IN_BATCH = 5_000;

    private final SinkContext context;
    private final RouteMetrics metrics;
    private final int shards;
    private final @Nullable WindowClock clock;
    private final LinkedHashMap<Slot, List<EventBatch.Timed>> batches = new LinkedHashMap<>();

    PrepareLinesFn(SinkContext context, int shards, @Nullable WindowClock clock) {
        this.context = context;
        this.metrics = context.metrics();
        this.shards = shards;
        this.clock = clock;
    }

    @StartBundle
    public void startBundle() {
        batches.clear();
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant time, MultiOutputReceiver out) {
        try {
            JsonLine.of(event.value());
        } catch (NotALineException e) {
            refuse(event, time, e.reason(), e.getMessage(), out);
            return;
        }
        if (clock != null && time.equals(DeadLetter.NO_TIME)) {
            refuse(event, time, Reason.EVENT_TIME_UNREADABLE, "event must have a time where windows are written", out);
        } else {
            batches.computeIfAbsent(slot(event.id(), time), slot -> new ArrayList<>())
                    .add(new EventBatch.Timed(event, time));
        }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext out) {
        batches.forEach((slot, events) -> {
            for (List<EventBatch.Timed> part : Lists.partition(events, MAX_EVENTS_IN_BATCH)) {
                EventBatch batch = new EventBatch(slot.windowStart(), part);
                out.output(BATCHES, KV.of(slot.shard(), batch), batch.earliest(), GlobalWindow.INSTANCE);
            }
        });
    }

    private void refuse(Event event, Instant time, Reason reason, String message, MultiOutputReceiver out) {
        metrics.countDeadLetter(reason);
        out.get(REFUSED).output(context.deadLetter(event, reason, message, time));
    }

    private Slot slot(ResultId id, Instant time) {
        return new Slot(clock == null ? DeadLetter.NO_TIME : clock.windowStart(time), shard(id.origin(), shards));
    }

    /** The shard of a partition of a stream: part of objects' names, so it never changes. */
    static int shard(Origin origin, int shards) {
        int hash = 1;
        for (byte unit : origin.stream().getBytes(StandardCharsets.UTF_8)) {
            hash = 31 * hash + unit;
        }
        return Math.floorMod(31 * hash + origin.partition(), shards);
    }
}
