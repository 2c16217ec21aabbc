package io.millrace.io.objects;

import io.millrace.transforms.event.RouteMetrics;
import java.io.IOException;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the lines of each window and shard, and writes them as one whole object as {@link WindowProgress} says.
 *
 * <p>There is no method for the window's expiration: it would make a runner keep a timer for every key for ever, and the
 * event-time timers fire at the end of the input too.
 */
final class WriteWindowsFn extends DoFn<KV<Slot, EventBatch>, Void> {
    /** How long late events are gathered before the object is written again. */
    static final Duration REWRITE_AFTER = Duration.standardSeconds(1);

    private static final long serialVersionUID = 1;
    private static final String PROGRESS = "progress";
    private static final String LINES = "lines";
    private static final String DUE = "due";
    private static final String REWRITE = "rewrite";

    @StateId(PROGRESS)
    private final StateSpec<ValueState<WindowProgress>> progressSpec = StateSpecs.value(WindowProgress.CODER);

    @StateId(LINES)
    private final StateSpec<BagState<LineBlock>> linesSpec = StateSpecs.bag(LineBlock.CODER);

    @TimerId(DUE)
    private final TimerSpec dueSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    @TimerId(REWRITE)
    private final TimerSpec rewriteSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private final WindowClock clock;
    private final Ledger ledger;
    private final RouteMetrics metrics;

    WriteWindowsFn(WindowClock clock, Ledger ledger, RouteMetrics metrics) {
        this.clock = clock;
        this.ledger = ledger;
        this.metrics = metrics;
    }

    @ProcessElement
    public void process(
            @Element KV<Slot, EventBatch> element,
            @StateId(PROGRESS) ValueState<WindowProgress> state,
            @StateId(LINES) BagState<LineBlock> lines,
            @TimerId(DUE) Timer due,
            @TimerId(REWRITE) Timer rewrite) {
        lines.add(LineBlock.ofEvents(element.getValue().events()));
        WindowProgress before = state.read();
        if (before == null) {
            before = begin(element.getKey().windowStart(), due);
        }
        WindowProgress after = before.received();
        if (after.rewriteDue() && !before.rewriteDue()) {
            rewrite.withNoOutputTimestamp().offset(REWRITE_AFTER).setRelative();
        }
        if (!after.equals(before)) {
            state.write(after);
        }
    }

    @OnTimer(DUE)
    public void onDue(
            OnTimerContext context,
            @Key Slot slot,
            @StateId(PROGRESS) ValueState<WindowProgress> state,
            @StateId(LINES) BagState<LineBlock> lines,
            @TimerId(DUE) Timer due)
            throws IOException {
        WindowProgress progress = state.read();
        if (progress == null) {
            return;
        }
        WindowProgress written = writeIfNeeded(slot, progress, lines);
        Instant closing = clock.closing(slot.windowStart());
        if (context.fireTimestamp().isBefore(closing)) {
            state.write(written.ending());
            due.withNoOutputTimestamp().set(closing);
        } else {
            state.clear();
            lines.clear();
        }
    }

    @OnTimer(REWRITE)
    public void onRewrite(
            @Key Slot slot,
            @StateId(PROGRESS) ValueState<WindowProgress> state,
            @StateId(LINES) BagState<LineBlock> lines)
            throws IOException {
        @Nullable WindowProgress progress = state.read();
        if (progress != null) {
            state.write(writeIfNeeded(slot, progress, lines));
        }
    }

    private WindowProgress begin(Instant windowStart, Timer due) {
        Instant end = clock.end(windowStart);
        boolean ended = !end.isAfter(due.getCurrentRelativeTime());
        due.withNoOutputTimestamp().set(ended ? clock.closing(windowStart) : end);
        return WindowProgress.beginning(ended);
    }

    private WindowProgress writeIfNeeded(Slot slot, WindowProgress progress, BagState<LineBlock> blocks)
            throws IOException {
        if (!progress.unwritten()) {
            return progress;
        }
        Lines lines = Lines.of(blocks.read());
        ledger.write(slot, lines);
        metrics.countDelivered(lines.size() - progress.delivered());
        return progress.written(lines.size());
    }
}
