package io.millrace.io.objects;

import io.millrace.io.objects.Attempts.Write;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.RouteMetrics;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
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
 * <p>Where the step does not wait for an object, lines that come while it is written are in the next writing of it, and a window whose
 * object could not be written before its closing is forgotten when it is.
 *
 * <p>There is no method for the window's expiration: it would make a runner keep a timer for every key for ever, and the
 * event-time timers fire at the end of the input too. Then the step waits: timers of the other kind would not fire any more.
 */
final class WriteWindowsFn extends DoFn<KV<Slot, EventBatch>, Void> {
    /** How long late events are gathered before the object is written again, and until it is asked again for what was not done. */
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
    private final boolean waits;
    private final Ledger ledger;
    private final String route;
    private final RouteMetrics metrics;
    private transient Attempts<Slot, Integer> attempts;
    private transient Set<Slot> receivedMeanwhile = new HashSet<>();

    WriteWindowsFn(WindowClock clock, boolean waits, Ledger ledger, SinkContext context) {
        this.clock = clock;
        this.waits = waits;
        this.ledger = ledger;
        this.route = context.route();
        this.metrics = context.metrics();
        this.attempts = Attempts.madeAtOnce(route);
    }

    @Setup
    public void setUp() {
        ledger.open();
        attempts = waits ? Attempts.madeAtOnce(route) : Attempts.onAnotherThread(route);
        receivedMeanwhile = new HashSet<>();
    }

    @StartBundle
    public void startBundle() {
        ledger.checkLease(); // on another thread its loss would show as an attempt that is made again
        attempts.beginBundle();
    }

    @ProcessElement
    public void process(
            @Element KV<Slot, EventBatch> element,
            @StateId(PROGRESS) ValueState<WindowProgress> state,
            @StateId(LINES) BagState<LineBlock> lines,
            @TimerId(DUE) Timer due,
            @TimerId(REWRITE) Timer rewrite) {
        Slot slot = element.getKey();
        lines.add(LineBlock.ofEvents(element.getValue().events()));
        if (attempts.isUnderWay(slot)) {
            receivedMeanwhile.add(slot);
        }
        WindowProgress before = state.read();
        if (before == null) {
            before = begin(slot.windowStart(), due);
        }
        WindowProgress after = before.received();
        if (after.rewriteDue() && !before.rewriteDue()) {
            setAgain(rewrite);
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
            @TimerId(DUE) Timer due,
            @TimerId(REWRITE) Timer rewrite)
            throws IOException {
        WindowProgress progress = state.read();
        if (progress == null) {
            return;
        }
        Instant watermark = due.getCurrentRelativeTime();
        WindowProgress written = clock.isEndOfTime(watermark)
                ? finishIfNeeded(slot, progress, lines)
                : writeIfNeeded(slot, progress, lines);
        Instant closing = clock.closing(slot.windowStart());
        boolean closes = !context.fireTimestamp().isBefore(closing);
        WindowProgress after = closes ? written.closing() : written.ending();
        if (!after.isComplete()) {
            due.withNoOutputTimestamp().set(closes ? clock.nextEnd(watermark) : closing);
        }
        keep(after, state, lines, rewrite);
    }

    @OnTimer(REWRITE)
    public void onRewrite(
            @Key Slot slot,
            @StateId(PROGRESS) ValueState<WindowProgress> state,
            @StateId(LINES) BagState<LineBlock> lines,
            @TimerId(REWRITE) Timer rewrite)
            throws IOException {
        @Nullable WindowProgress progress = state.read();
        if (progress != null) {
            keep(writeIfNeeded(slot, progress, lines), state, lines, rewrite);
        }
    }

    @Teardown
    public void close() {
        attempts.close();
        ledger.close();
    }

    private WindowProgress begin(Instant windowStart, Timer due) {
        Instant end = clock.end(windowStart);
        boolean ended = !end.isAfter(due.getCurrentRelativeTime());
        due.withNoOutputTimestamp().set(ended ? clock.closing(windowStart) : end);
        return WindowProgress.beginning(ended);
    }

    private static void keep(
            WindowProgress progress, ValueState<WindowProgress> state, BagState<LineBlock> lines, Timer rewrite) {
        if (progress.isComplete()) {
            state.clear();
            lines.clear();
            return;
        }
        state.write(progress);
        if (progress.rewriteDue()) {
            setAgain(rewrite);
        }
    }

    private static void setAgain(Timer rewrite) {
        rewrite.withNoOutputTimestamp().offset(REWRITE_AFTER).setRelative();
    }

    private WindowProgress writeIfNeeded(Slot slot, WindowProgress progress, BagState<LineBlock> blocks)
            throws IOException {
        return progress.unwritten()
                ? attempts.attempt(slot, () -> preparation(slot, blocks))
                        .map(results -> settle(slot, progress, results))
                        .orElse(progress)
                : progress;
    }

    private WindowProgress finishIfNeeded(Slot slot, WindowProgress progress, BagState<LineBlock> blocks)
            throws IOException {
        WindowProgress written = progress;
        while (written.unwritten()) {
            written = settle(slot, written, attempts.finish(slot, () -> preparation(slot, blocks)));
        }
        return written;
    }

    private Write<Integer> preparation(Slot slot, BagState<LineBlock> blocks) {
        receivedMeanwhile.remove(slot);
        Lines lines = Lines.of(blocks.read());
        return () -> {
            ledger.write(slot, lines);
            return lines.size();
        };
    }

    private WindowProgress settle(Slot slot, WindowProgress progress, int results) {
        metrics.countDelivered(results - progress.delivered());
        WindowProgress written = progress.written(results);
        return receivedMeanwhile.remove(slot) ? written.received() : written;
    }
}
