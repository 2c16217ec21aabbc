package io.millrace.io.view;

import static java.util.Objects.requireNonNull;

import io.millrace.io.sink.Lease;
import io.millrace.io.sink.Patience;
import io.millrace.io.sink.Refusals;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** Sends each event to all zones, and awaits all answers when the bundle ends. What a zone did not take leaves as owed, or is waited for. */
final class WriteFn extends DoFn<Event, DeadLetter> {
    static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>() {};
    static final TupleTag<KV<OwedShard, Owed>> OWED = new TupleTag<>() {};

    private static final long serialVersionUID = 1;
    private static final int MOST_BYTES_IN_FLIGHT = 16 << 20;

    private final ViewStore store;
    private final SinkContext context;
    private final int maxInFlight;
    private final Versions versions;
    private final ChangeReader changes;
    private final Clock clock;
    private final Waits waits;
    private transient Instant now = Instant.MIN;
    private transient @Nullable Instant guardedUntil;
    private transient List<ZoneWriter> zones = List.of();
    private transient List<Instant> troubledUntil = List.of();
    private transient Deque<InFlight> inFlight = new ArrayDeque<>();
    private transient List<ToOwe> toOwe = new ArrayList<>();
    private transient @Nullable Refusals refusals;
    private transient @Nullable Lease lease;
    private transient int bytesInFlight;
    private transient int delivered;

    WriteFn(ViewStore store, SinkContext context, int maxInFlight, Versions versions, Clock clock, Waits waits) {
        this.store = store;
        this.context = context;
        this.maxInFlight = maxInFlight;
        this.versions = versions;
        this.changes = new ChangeReader(store, versions);
        this.clock = clock;
        this.waits = waits;
    }

    /** A change on its way to all zones, in their order. */
    private record InFlight(Change change, List<Sending> sendings) {
        boolean isDone() {
            for (Sending sending : sendings) {
                if (!sending.done().isDone()) {
                    return false;
                }
            }
            return true;
        }
    }

    /** A change that a zone is to be owed, or that it has, in place of what it may be owed. */
    private record ToOwe(String zone, Change change, long version, boolean isDone) {
        KV<OwedShard, Owed> element() {
            return KV.of(OwedShard.of(zone, change.key()), new Owed(change.event(), change.time(), version, isDone));
        }
    }

    @Setup
    public void open() {
        List<ZoneWriter> writers = new ArrayList<>();
        Lease taken = Lease.take();
        lease = taken;
        SharedZones.open(store, taken).forEach((name, zone) -> writers.add(new ZoneWriter(name, zone, versions)));
        zones = List.copyOf(writers);
        troubledUntil = new ArrayList<>(Collections.nCopies(zones.size(), Instant.MIN));
    }

    @Teardown
    public void close() {
        if (lease != null) {
            lease.close();
        }
        if (!zones.isEmpty()) {
            zones = List.of();
            SharedZones.close(store);
        }
    }

    @StartBundle
    public void startBundle() {
        zones.forEach(ZoneWriter::clear);
        inFlight = new ArrayDeque<>();
        toOwe = new ArrayList<>();
        refusals = new Refusals(context);
        bytesInFlight = 0;
        delivered = 0;
    }

    @ProcessElement
    public void process(
            @Element Event event, @Timestamp org.joda.time.Instant time, BoundedWindow window, MultiOutputReceiver out)
            throws IOException, InterruptedException {
        now = clock.instant();
        try {
            send(changes.read(event, time, window));
        } catch (RefusedException e) {
            refusals().add(event, time, window, e);
        }
        while (isFull() || isFirstDone()) {
            settle(inFlight.remove());
        }
        toOwe.forEach(owed -> out.get(OWED).output(owed.element()));
        toOwe.clear();
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext bundle) throws IOException, InterruptedException {
        while (!inFlight.isEmpty()) {
            settle(inFlight.remove());
        }
        awaitThoseThatWait();
        for (ToOwe owed : toOwe) {
            bundle.output(
                    OWED, owed.element(), owed.change().time(), owed.change().window());
        }
        toOwe.clear();
        context.metrics().countDelivered(delivered);
        refusals().leave(bundle);
    }

    private void send(Change change) {
        boolean guarded = isGuarded();
        List<Sending> sendings = new ArrayList<>(zones.size());
        for (ZoneWriter zone : zones) {
            sendings.add(zone.send(change, guarded));
        }
        inFlight.add(new InFlight(change, sendings));
        bytesInFlight += change.bytes();
    }

    private boolean isFull() {
        return inFlight.size() > maxInFlight || bytesInFlight > MOST_BYTES_IN_FLIGHT;
    }

    private boolean isFirstDone() {
        InFlight first = inFlight.peek();
        return first != null && first.isDone();
    }

    /** A writer's first minute begins with its first event: until then what stands before it may still be restored. */
    private boolean isGuarded() {
        if (guardedUntil == null) {
            guardedUntil = now.plus(WriteView.GUARDED_FOR);
        }
        return now.isBefore(guardedUntil);
    }

    /** Whether a change can be owed to a zone, and then is. */
    private boolean owe(int zone, Change change) {
        Long version = change.comparable();
        if (version == null) {
            return false;
        }
        toOwe.add(new ToOwe(zones.get(zone).name(), change, version, false));
        return true;
    }

    /** Whatever of its key a zone is owed, this change has come behind it. */
    private void takePlaceOfWhatIsOwed(int zone, Change change) {
        if (!isGuarded() && !now.isBefore(troubledUntil.get(zone))) {
            return;
        }
        Long version = change.version();
        if (version != null) {
            toOwe.add(new ToOwe(zones.get(zone).name(), change, version, true));
        }
    }

    /** Waits for what became of a change in all zones. */
    private void settle(InFlight one) throws InterruptedException {
        Change change = one.change();
        RefusedException refusal = null;
        for (int number = 0; number < zones.size(); number++) {
            Sending sending = one.sendings().get(number);
            try {
                sending.await();
                zones.get(number).ended(sending);
                takePlaceOfWhatIsOwed(number, change);
            } catch (RefusedException e) {
                zones.get(number).ended(sending);
                refusal = e;
            } catch (IOException e) {
                troubledUntil.set(number, clock.instant().plus(WriteView.TROUBLED_FOR));
                if (zones.get(number).ended(sending) && !owe(number, change)) {
                    zones.get(number).keep(change, e);
                }
            }
        }
        bytesInFlight -= change.bytes();
        count(change, refusal);
    }

    private void count(Change change, @Nullable RefusedException refusal) {
        if (refusal == null) {
            delivered++;
        } else {
            refusals().add(change.event(), change.time(), change.window(), refusal);
        }
    }

    /** Sends what cannot be owed again and again, until each zone has taken it. */
    private void awaitThoseThatWait() throws IOException, InterruptedException {
        Patience patience = waits.with(store.name());
        for (String trouble = trouble(); trouble != null; trouble = trouble()) {
            patience.await(trouble
                    + "; what has no version in its field '"
                    + versions.field()
                    + "' cannot be owed to a zone that is away");
            for (ZoneWriter zone : zones) {
                if (sendAgain(zone)) {
                    patience.renew();
                }
            }
        }
    }

    private @Nullable String trouble() {
        return zones.stream()
                .filter(zone -> !zone.waiting().isEmpty())
                .map(ZoneWriter::trouble)
                .findFirst()
                .orElse(null);
    }

    /** Sends what waits for a zone; whether it took any of it. */
    private boolean sendAgain(ZoneWriter zone) throws InterruptedException {
        List<Sending> again =
                zone.waiting().stream().map(change -> zone.send(change, false)).toList();
        boolean taken = false;
        for (Sending sending : again) {
            zone.ended(sending);
            try {
                sending.await();
                taken = true;
            } catch (IOException e) {
                zone.keep(sending.change(), e);
            } catch (RefusedException e) {
                delivered--;
                count(sending.change(), e);
                taken = true;
            }
        }
        return taken;
    }

    private Refusals refusals() {
        return requireNonNull(refusals, "refusals");
    }
}
