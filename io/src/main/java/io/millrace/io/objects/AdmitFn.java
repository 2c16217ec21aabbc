package io.millrace.io.objects;

import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.RouteMetrics;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/**
 * Passes on what comes before its window is closed, and gives up the rest.
 *
 * <p>How far windows are closed is kept in state, by shard: a runner's watermark begins anew after a restart, and an event let
 * into a window that is closed and forgotten would replace all that the window's object holds.
 */
final class AdmitFn extends DoFn<KV<Integer, EventBatch>, KV<Slot, EventBatch>> {
    static final TupleTag<KV<Slot, EventBatch>> IN_TIME = new TupleTag<>("inTime");
    static final TupleTag<DeadLetter> LATE = new TupleTag<>("late");

    private static final long serialVersionUID = 1;
    private static final String CLOSED_UNTIL = "closedUntil";
    private static final String WATERMARK = "watermark";

    @StateId(CLOSED_UNTIL)
    private final StateSpec<ValueState<ClosedUntil>> closedUntilSpec = StateSpecs.value(ClosedUntil.CODER);

    @TimerId(WATERMARK)
    private final TimerSpec watermarkSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private final SinkContext context;
    private final RouteMetrics metrics;
    private final WindowClock clock;

    AdmitFn(SinkContext context, WindowClock clock) {
        this.context = context;
        this.metrics = context.metrics();
        this.clock = clock;
    }

    @ProcessElement
    public void process(
            @Element KV<Integer, EventBatch> element,
            @StateId(CLOSED_UNTIL) ValueState<ClosedUntil> state,
            @TimerId(WATERMARK) Timer timer,
            MultiOutputReceiver out) {
        EventBatch batch = element.getValue();
        Instant watermark = timer.getCurrentRelativeTime();
        Instant closedUntil = advance(state, clock.closedUntil(watermark));
        if (clock.isClosed(batch.windowStart(), closedUntil)) {
            giveUp(batch, clock.lateMessage(batch.windowStart(), closedUntil, watermark), out);
        } else {
            out.get(IN_TIME).output(KV.of(new Slot(batch.windowStart(), element.getKey()), batch));
        }
    }

    /** Never set: an event-time timer is what tells the watermark. */
    @OnTimer(WATERMARK)
    public void onWatermark() {}

    private static Instant advance(ValueState<ClosedUntil> state, Instant now) {
        ClosedUntil before = state.read();
        if (before != null && !before.time().isBefore(now)) {
            return before.time();
        }
        state.write(new ClosedUntil(now));
        return now;
    }

    private void giveUp(EventBatch batch, String message, MultiOutputReceiver out) {
        for (EventBatch.Timed late : batch.events()) {
            metrics.countDeadLetter(Reason.LATE);
            out.get(LATE).output(context.deadLetter(late.event(), Reason.LATE, message, late.time()));
        }
    }
}
