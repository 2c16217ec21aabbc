package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.io.sink.Lease;
import io.millrace.io.sink.Patience;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import java.io.IOException;
import java.util.Map;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.state.MapState;
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
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest of what a zone is owed of each key, and writes it when the zone is back: now and then while it is away, and at the end of
 * the input for as long as it takes, or until patience ends.
 *
 * <p>What a zone has got takes the place of what it is owed of the same key, and is then written once more as that is, since it may have come between
 * a look and a write of what was owed. Of a key that was settled this is so for a minute after nothing is owed of its shard any more; of others
 * nothing is done.
 */
final class OwedFn extends DoFn<KV<OwedShard, Owed>, DeadLetter> {
    private static final long serialVersionUID = 1;
    private static final Duration AT_ONCE = Duration.millis(1);
    private static final String OWED = "owed";
    private static final String SETTLED = "settled";
    private static final String PAUSES = "pauses";
    private static final String WRITE = "write";

    @StateId(OWED)
    private final StateSpec<MapState<OwedKey, Owed>> owedSpec = StateSpecs.map(OwedKey.CODER, Owed.CODER);

    /** The keys that were settled since anything is owed, and for a minute after that. */
    @StateId(SETTLED)
    private final StateSpec<MapState<OwedKey, Boolean>> settledSpec = StateSpecs.map(OwedKey.CODER, BooleanCoder.of());

    /** There while a timer is set. */
    @StateId(PAUSES)
    private final StateSpec<ValueState<Pauses>> pausesSpec = StateSpecs.value(Pauses.CODER);

    @TimerId(WRITE)
    private final TimerSpec writeSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private final ViewStore store;
    private final SinkContext context;
    private final Versions versions;
    private final Waits waits;
    private final OwedMetrics metrics;
    private transient Map<String, ViewStore.Zone> zones = Map.of();
    private transient @Nullable Lease lease;

    OwedFn(ViewStore store, SinkContext context, Versions versions, Waits waits) {
        this.store = store;
        this.context = context;
        this.versions = versions;
        this.waits = waits;
        this.metrics = new OwedMetrics(context);
    }

    @Setup
    public void open() {
        Lease taken = Lease.take();
        lease = taken;
        zones = SharedZones.open(store, taken);
    }

    @Teardown
    public void close() {
        if (lease != null) {
            lease.close();
        }
        if (zones != null && !zones.isEmpty()) {
            zones = Map.of();
            SharedZones.close(store);
        }
    }

    @ProcessElement
    public void process(
            @Element KV<OwedShard, Owed> element,
            @StateId(OWED) MapState<OwedKey, Owed> owed,
            @StateId(SETTLED) MapState<OwedKey, Boolean> settled,
            @StateId(PAUSES) ValueState<Pauses> pauses,
            @TimerId(WRITE) Timer write) {
        Pauses pause = pauses.read();
        if (element.getValue().isDone() && pause == null) {
            return;
        }
        OwedKey key = new OwedKey(new String(element.getValue().event().key(), UTF_8));
        Owed before = owed.get(key).read();
        if (element.getValue().isDone() && before == null && settled.get(key).read() == null) {
            return;
        }
        if (before == null || before.version() <= element.getValue().version()) {
            owed.put(key, element.getValue());
        }
        if (before == null) {
            metrics.countOwed();
        }
        if (pause == null || pause.equals(Pauses.SETTLED)) {
            begin(Pauses.NONE, pauses, write);
        }
    }

    @OnTimer(WRITE)
    public void onWrite(
            @Key OwedShard shard,
            @StateId(OWED) MapState<OwedKey, Owed> owed,
            @StateId(SETTLED) MapState<OwedKey, Boolean> settled,
            @StateId(PAUSES) ValueState<Pauses> pauses,
            @TimerId(WRITE) Timer write,
            OutputReceiver<DeadLetter> out)
            throws InterruptedException {
        Pauses before = pauses.read();
        Settlement settlement = settlement(shard, owed, settled, out);
        settlement.settle();
        if (settlement.canGoOn()) {
            pauses.write(Pauses.NONE);
            set(write, AT_ONCE);
        } else if (!settlement.isComplete()) {
            begin(before == null || settlement.settled() > 0 ? Pauses.NONE : before.another(), pauses, write);
        } else if (Pauses.SETTLED.equals(before)) {
            settled.clear();
            pauses.clear();
        } else {
            begin(Pauses.SETTLED, pauses, write);
        }
    }

    private static void begin(Pauses pause, ValueState<Pauses> pauses, Timer write) {
        pauses.write(pause);
        set(write, pause.next());
    }

    @OnWindowExpiration
    public void onEndOfInput(
            @Key OwedShard shard,
            @StateId(OWED) MapState<OwedKey, Owed> owed,
            @StateId(SETTLED) MapState<OwedKey, Boolean> settled,
            @StateId(PAUSES) ValueState<Pauses> pauses,
            OutputReceiver<DeadLetter> out)
            throws IOException, InterruptedException {
        Patience patience = waits.with("zone " + shard.zone() + " of " + store.name());
        Settlement settlement = settlement(shard, owed, settled, out);
        settlement.settle();
        while (!settlement.isComplete()) {
            if (settlement.settled() > 0) {
                patience.renew();
            }
            if (!settlement.canGoOn()) {
                patience.await(settlement.trouble() + "; it is owed " + settlement.left()
                        + " keys: bring its servers back and run again, or take the zone out of the settings");
            }
            settlement = settlement(shard, owed, settled, out);
            settlement.settle();
        }
        settled.clear();
        pauses.clear();
    }

    private Settlement settlement(
            OwedShard shard,
            MapState<OwedKey, Owed> owed,
            MapState<OwedKey, Boolean> settled,
            OutputReceiver<DeadLetter> out) {
        return new Settlement(
                zones.get(shard.zone()), owed, settled, versions, metrics, (one, refusal) -> refuse(one, refusal, out));
    }

    private static void set(Timer write, Duration after) {
        write.withNoOutputTimestamp().offset(after).setRelative();
    }

    /** What was counted as delivered, since it was owed, is a dead letter after all. */
    private void refuse(Owed owed, RefusedException refusal, OutputReceiver<DeadLetter> out) {
        context.metrics().countDelivered(-1);
        context.metrics().countDeadLetter(refusal.reason());
        out.outputWithTimestamp(
                context.deadLetter(owed.event(), refusal.reason(), refusal.message(), owed.time()), owed.time());
    }

    /** A dead letter leaves at the time of its event, which is behind that of what lets it leave. */
    @Override
    @Deprecated
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }
}
