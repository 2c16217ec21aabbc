package io.millrace.io.objects;

import io.millrace.io.objects.Attempts.Write;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.RouteMetrics;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
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
 * deleted where the numbers do not reach so far. A restore in a higher epoch begins numbers of its own, and takes back what has been
 * written since the state with which it begins.
 *
 * <p>Where the step does not wait for an object, the lines that come while it is written are gathered for the one after it. When these
 * are enough for an object too, the step waits.
 */
final class WriteBatchesFn extends DoFn<KV<Integer, EventBatch>, Void> {
    /** How many bytes an object has at most. */
    static final long MAX_PENDING_BYTES = 64L << 20;
    /** How long the first of an unbounded input waits. */
    static final Duration WRITE_AFTER = Duration.standardSeconds(10);
    /** How long it takes to ask again for an object that was not written at once. */
    static final Duration ASK_AFTER = Duration.standardSeconds(1);

    private static final long serialVersionUID = 1;
    private static final String LINES = "lines";
    private static final String PENDING = "pending";
    private static final String LATER_LINES = "laterLines";
    private static final String LATER_PENDING = "laterPending";
    private static final String WRITTEN = "written";
    private static final String WRITE = "write";

    @StateId(LINES)
    private final StateSpec<BagState<LineBlock>> linesSpec = StateSpecs.bag(LineBlock.CODER);

    @StateId(PENDING)
    private final StateSpec<ValueState<PendingBytes>> pendingSpec = StateSpecs.value(PendingBytes.CODER);

    @StateId(LATER_LINES)
    private final StateSpec<BagState<LineBlock>> laterLinesSpec = StateSpecs.bag(LineBlock.CODER);

    @StateId(LATER_PENDING)
    private final StateSpec<ValueState<PendingBytes>> laterPendingSpec = StateSpecs.value(PendingBytes.CODER);

    @StateId(WRITTEN)
    private final StateSpec<ValueState<Batches>> writtenSpec = StateSpecs.value(Batches.CODER);

    @TimerId(WRITE)
    private final TimerSpec writeSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private final boolean bounded;
    private final boolean waits;
    private final long maxPendingBytes;
    private final Ledger ledger;
    private final String route;
    private final RouteMetrics metrics;
    private final HashSet<Integer> tidied = new HashSet<>();
    private transient Attempts<Integer, Written> attempts;

    /**
     * @param bounded whether the input is, so that nothing is written before there is enough of it
     * @param waits whether the step waits for each object, which it must where the input is bounded
     */
    WriteBatchesFn(boolean bounded, boolean waits, long maxPendingBytes, Ledger ledger, SinkContext context) {
        this.bounded = bounded;
        this.waits = waits;
        this.maxPendingBytes = maxPendingBytes;
        this.ledger = ledger;
        this.route = context.route();
        this.metrics = context.metrics();
        this.attempts = Attempts.madeAtOnce(route);
    }

    /** What came of writing an object. */
    private record Written(int lines, Batches after) {}

    @Setup
    public void setUp() {
        ledger.open();
        attempts = waits ? Attempts.madeAtOnce(route) : Attempts.onAnotherThread(route);
    }

    @StartBundle
    public void startBundle() {
        ledger.checkLease(); // on another thread its loss would show as an attempt that is made again
        attempts.beginBundle();
    }

    @ProcessElement
    public void process(
            @Element KV<Integer, EventBatch> element,
            @StateId(LINES) BagState<LineBlock> lines,
            @StateId(PENDING) ValueState<PendingBytes> pending,
            @StateId(LATER_LINES) BagState<LineBlock> laterLines,
            @StateId(LATER_PENDING) ValueState<PendingBytes> laterPending,
            @StateId(WRITTEN) ValueState<Batches> written,
            @TimerId(WRITE) Timer write)
            throws IOException {
        LineBlock block = LineBlock.ofEvents(element.getValue().events());
        Shard shard = new Shard(
                element.getKey(), new Gathered(lines, pending), new Gathered(laterLines, laterPending), written);
        if (shard.takesNoMore()) {
            shard.later.add(block);
            if (shard.later.bytes() >= maxPendingBytes) {
                shard.finish();
                shard.writeOrAskLater(write);
            }
        } else {
            boolean first = shard.next.isEmpty();
            shard.next.add(block);
            if (shard.next.bytes() >= maxPendingBytes) {
                shard.writeOrAskLater(write);
            } else if (first && !bounded) {
                write.withNoOutputTimestamp().offset(WRITE_AFTER).setRelative();
            }
        }
    }

    @OnTimer(WRITE)
    public void onWrite(
            @Key Integer shard,
            @StateId(LINES) BagState<LineBlock> lines,
            @StateId(PENDING) ValueState<PendingBytes> pending,
            @StateId(LATER_LINES) BagState<LineBlock> laterLines,
            @StateId(LATER_PENDING) ValueState<PendingBytes> laterPending,
            @StateId(WRITTEN) ValueState<Batches> written,
            @TimerId(WRITE) Timer write)
            throws IOException {
        new Shard(shard, new Gathered(lines, pending), new Gathered(laterLines, laterPending), written)
                .writeOrAskLater(write);
    }

    @OnWindowExpiration
    public void onEndOfInput(
            @Key Integer shard,
            @StateId(LINES) BagState<LineBlock> lines,
            @StateId(PENDING) ValueState<PendingBytes> pending,
            @StateId(LATER_LINES) BagState<LineBlock> laterLines,
            @StateId(LATER_PENDING) ValueState<PendingBytes> laterPending,
            @StateId(WRITTEN) ValueState<Batches> written)
            throws IOException {
        Shard last = new Shard(shard, new Gathered(lines, pending), new Gathered(laterLines, laterPending), written);
        while (!last.next.isEmpty()) {
            last.finish();
        }
    }

    @Teardown
    public void close() {
        attempts.close();
        ledger.close();
    }

    /** Lines, and how much they are. */
    private record Gathered(BagState<LineBlock> lines, ValueState<PendingBytes> pending) {
        boolean isEmpty() {
            return pending.read() == null;
        }

        long bytes() {
            return PendingBytes.orNone(pending.read()).bytes();
        }

        void add(LineBlock block) {
            lines.add(block);
            pending.write(PendingBytes.orNone(pending.read()).and(block.sizeBytes()));
        }

        /** Moves everything to where there is nothing. */
        void moveTo(Gathered other) {
            if (!isEmpty()) {
                lines.read().forEach(other.lines::add);
                other.pending.write(pending.read());
                clear();
            }
        }

        void clear() {
            lines.clear();
            pending.clear();
        }
    }

    /** A shard: the lines of its next object, those that came while that is written, and what was written before. */
    private final class Shard {
        private final int number;
        private final Gathered next;
        private final Gathered later;
        private final ValueState<Batches> written;

        Shard(int number, Gathered next, Gathered later, ValueState<Batches> written) {
            this.number = number;
            this.next = next;
            this.later = later;
            this.written = written;
        }

        /** Whether the next object has all of its lines. */
        boolean takesNoMore() {
            return attempts.isUnderWay(number) || next.bytes() >= maxPendingBytes || !later.isEmpty();
        }

        /** Writes the next object, or asks again for it later. */
        void writeOrAskLater(Timer write) throws IOException {
            if (!next.isEmpty()) {
                Optional<Written> object = attempts.attempt(number, this::preparation);
                object.ifPresent(this::settle);
                if (!next.isEmpty()) {
                    write.withNoOutputTimestamp()
                            .offset(object.isPresent() ? WRITE_AFTER : ASK_AFTER)
                            .setRelative();
                }
            }
        }

        /** Writes the next object, however long it takes. */
        void finish() throws IOException {
            settle(attempts.finish(number, this::preparation));
        }

        private Write<Written> preparation() {
            Lines lines = Lines.of(next.lines.read());
            Batches state = written.read();
            Batches before = ledger.countedBy(state);
            Ledger own = ledger.ofLineage(before.lineage());
            boolean isTidy = tidied.contains(number);
            return () -> {
                if (state != null && state.epoch() < before.epoch()) {
                    own.takeBack(number, state);
                }
                Batches after = own.write(number, before, lines);
                if (!isTidy) {
                    own.deleteBeyond(number, after);
                }
                return new Written(lines.size(), after);
            };
        }

        private void settle(Written object) {
            tidied.add(number);
            metrics.countDelivered(object.lines());
            written.write(object.after());
            next.clear();
            later.moveTo(next);
        }
    }
}
