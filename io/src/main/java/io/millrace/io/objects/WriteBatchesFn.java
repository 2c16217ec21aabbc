package io.millrace.io.objects;

import io.millrace.transforms.event.RouteMetrics;
import java.io.IOException;
import java.util.HashSet;
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

/**
 * Gathers the lines of each shard and writes them as numbered objects: when there are enough of them, soon after the first of an
 * unbounded input, and at the end of the input.
 *
 * <p>After a restart, or a restore as another job, the numbers go on from the checkpoint, so what was written since is replaced, and
 * deleted where the numbers do not reach so far. A restore in a higher epoch begins numbers of its own.
 */
final class WriteBatchesFn extends DoFn<KV<Integer, EventBatch>, Void> {
    /** How many bytes wait at most. */
    static final long MAX_PENDING_BYTES = 64L << 20;
    /** How long the first of an unbounded input waits. */
    static final Duration WRITE_AFTER = Duration.standardSeconds(10);

    private static final long serialVersionUID = 1;
    private static final String LINES = "lines";
    private static final String PENDING = "pending";
    private static final String WRITTEN = "written";
    private static final String WRITE = "write";

    @StateId(LINES)
    private final StateSpec<BagState<LineBlock>> linesSpec = StateSpecs.bag(LineBlock.CODER);

    @StateId(PENDING)
    private final StateSpec<ValueState<PendingBytes>> pendingSpec = StateSpecs.value(PendingBytes.CODER);

    @StateId(WRITTEN)
    private final StateSpec<ValueState<Batches>> writtenSpec = StateSpecs.value(Batches.CODER);

    @TimerId(WRITE)
    private final TimerSpec writeSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private final boolean bounded;
    private final long maxPendingBytes;
    private final Ledger ledger;
    private final RouteMetrics metrics;
    private final HashSet<Integer> tidied = new HashSet<>();

    WriteBatchesFn(boolean bounded, long maxPendingBytes, Ledger ledger, RouteMetrics metrics) {
        this.bounded = bounded;
        this.maxPendingBytes = maxPendingBytes;
        this.ledger = ledger;
        this.metrics = metrics;
    }

    @ProcessElement
    public void process(
            @Element KV<Integer, EventBatch> element,
            @StateId(LINES) BagState<LineBlock> lines,
            @StateId(PENDING) ValueState<PendingBytes> pending,
            @StateId(WRITTEN) ValueState<Batches> written,
            @TimerId(WRITE) Timer write)
            throws IOException {
        LineBlock block = LineBlock.ofEvents(element.getValue().events());
        lines.add(block);
        PendingBytes before = pending.read();
        PendingBytes after = PendingBytes.orNone(before).and(block.sizeBytes());
        pending.write(after);
        if (after.bytes() >= maxPendingBytes) {
            write(element.getKey(), lines, pending, written);
        } else if (before == null && !bounded) {
            write.withNoOutputTimestamp().offset(WRITE_AFTER).setRelative();
        }
    }

    @OnTimer(WRITE)
    public void onWrite(
            @Key Integer shard,
            @StateId(LINES) BagState<LineBlock> lines,
            @StateId(PENDING) ValueState<PendingBytes> pending,
            @StateId(WRITTEN) ValueState<Batches> written)
            throws IOException {
        write(shard, lines, pending, written);
    }

    @OnWindowExpiration
    public void onEndOfInput(
            @Key Integer shard,
            @StateId(LINES) BagState<LineBlock> lines,
            @StateId(PENDING) ValueState<PendingBytes> pending,
            @StateId(WRITTEN) ValueState<Batches> written)
            throws IOException {
        write(shard, lines, pending, written);
    }

    private void write(
            int shard, BagState<LineBlock> blocks, ValueState<PendingBytes> pending, ValueState<Batches> written)
            throws IOException {
        Lines lines = Lines.of(blocks.read());
        if (!lines.isEmpty()) {
            Batches before = ledger.countedBy(written.read());
            Ledger own = ledger.ofLineage(before.lineage());
            Batches after = own.write(shard, before, lines);
            if (tidied.add(shard)) {
                own.deleteBeyond(shard, after);
            }
            metrics.countDelivered(lines.size());
            written.write(after);
        }
        blocks.clear();
        pending.clear();
    }
}
