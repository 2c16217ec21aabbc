package io.millrace.io.view;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.sink.Patience;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.GlobalWindowing;
import io.millrace.transforms.event.SystemClock;
import io.millrace.transforms.view.ViewHeaders;
import java.time.Clock;
import java.time.Duration;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Dead letters of what a store of views does not take, for events of a route; all others are in every zone of the store, or owed to it.
 *
 * <p><i>Shape</i>: events of any windows; dead letters in the global window. The event's key, UTF-8, is the key in the store, and its value is
 * stored as it is, empty or not. A null value deletes the key.
 *
 * <p><i>Time</i>: events are sent as they come, so many at a time, and awaited when the bundle ends. The watermark is not held back.
 *
 * <p><i>Versions</i>: a document may have one, a whole number in a field at its top level; the header {@value ViewHeaders#VERSION} has it for a delete,
 * and goes before the field. With a version an event is written with care, which means: if the document that is stored has a higher one it
 * stays, else it is replaced if it is still the one that was seen. Without one, and in the steady stream, it is set or deleted without a look. Care
 * is taken for a minute from a writer's first event on, since events come again then that are older than what is stored; for events with the
 * header {@value ViewHeaders#GUARD}: {@code version}; and for what was owed. With {@value ViewHeaders#GUARD}: {@code replace} an event takes the
 * place of whatever is there, unless that is the same.
 *
 * <p><i>State</i>: what a zone is owed, by its key the newest, and only while it is owed: as many keys as changed in an outage; and the keys that were
 * settled, until nothing has been owed of their shard for a minute. In 64 shards a zone.
 *
 * <p><i>Guarantee</i>: an event is delivered when every zone has taken it or owes it. In each zone the events of a key are done in their order;
 * of those that wait the last is done alone, and what is tried again goes over nothing newer. A zone, or one server of it, that is away
 * is owed what it missed and gets it within half a minute of being back; the others, and bundles, go on. What has no version, or whose document
 * does not have its version in itself, cannot be compared later and so is not owed: the bundle waits for the zone. For ten minutes after a zone was
 * away, and in a writer's first minute, whatever a zone takes goes in place of what it may still be owed of the same key, also where both have one
 * version: nothing that is owed comes back behind it, except for a moment. An event that was to replace whatever is there is owed by its version.
 *
 * <p><i>Fails</i>: an event without key, or with one that the store does not take, is a dead letter {@code refused}, as is one whose headers
 * cannot be read; one whose value is too large for the store's settings, or for its servers, {@code tooLarge}. If one zone refuses an event, others may have
 * it. A zone that is away for five minutes fails a bundle that waits for it, and at the end of a bounded input fails the run if it is owed
 * something; a streaming runner begins again. What is owed to a zone that is no longer in the settings is forgotten.
 *
 * <p>The counters {@code owed} and {@code owed_settled} beside the route's others say how many keys came to be owed, and how many are settled.
 */
public final class WriteView extends PTransform<PCollection<Event>, PCollection<DeadLetter>> {
    /** How long a writer compares versions, from its first event on. */
    public static final Duration GUARDED_FOR = Duration.ofMinutes(1);

    /** For how long after a failure what a zone takes is held against what it may be owed. */
    static final Duration TROUBLED_FOR = Duration.ofMinutes(10);

    private static final long serialVersionUID = 1;

    private final ViewStore store;
    private final SinkContext context;
    private final int maxInFlight;
    private final Versions versions;
    private final Clock clock;
    private final Waits waits;

    private WriteView(
            ViewStore store, SinkContext context, int maxInFlight, Versions versions, Clock clock, Waits waits) {
        this.store = store;
        this.context = context;
        this.maxInFlight = maxInFlight;
        this.versions = versions;
        this.clock = clock;
        this.waits = waits;
    }

    /** Writes a route's events to a store, with versions in a field of documents, so many events at a time. */
    public static WriteView to(ViewStore store, SinkContext context, String versionField, int maxInFlight) {
        checkArgument(maxInFlight >= 1, "maxInFlight must be at least 1, but was %s", maxInFlight);
        return new WriteView(
                store, context, maxInFlight, new Versions(versionField), SystemClock.utc(), Patience::with);
    }

    /** The same steps with the same state, for whom each zone is empty and takes everything: no server is asked. */
    public WriteView writingNothing() {
        return new WriteView(new NoStore(store), context, maxInFlight, versions, clock, waits);
    }

    /** The same, by another clock. */
    public WriteView withClock(Clock clock) {
        return new WriteView(store, context, maxInFlight, versions, clock, waits);
    }

    /** The same, waiting in another way. */
    WriteView withWaits(Waits waits) {
        return new WriteView(store, context, maxInFlight, versions, clock, waits);
    }

    @Override
    public PCollection<DeadLetter> expand(PCollection<Event> events) {
        PCollectionTuple written = events.apply("Leave windows", GlobalWindowing.of())
                .apply(
                        "Write",
                        ParDo.of(new WriteFn(store, context, maxInFlight, versions, clock, waits))
                                .withOutputTags(WriteFn.DEAD_LETTERS, TupleTagList.of(WriteFn.OWED)));
        PCollection<DeadLetter> refused = written.get(WriteFn.DEAD_LETTERS).setCoder(DeadLetterCoder.of());
        PCollection<DeadLetter> refusedLater = written.get(WriteFn.OWED)
                .setCoder(KvCoder.of(OwedShard.CODER, Owed.CODER))
                .apply("Owed", ParDo.of(new OwedFn(store, context, versions, waits)))
                .setCoder(DeadLetterCoder.of());
        return PCollectionList.of(refused).and(refusedLater).apply("All dead letters", Flatten.pCollections());
    }
}
