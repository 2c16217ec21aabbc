package io.millrace.io.source;

import static com.google.common.base.Preconditions.checkState;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a source gives: the events, at their times, and as dead letters those whose time cannot be used.
 *
 * <p><i>Shape</i>: as the source says, bounded or not, in the global window.
 *
 * <p><i>Guarantee</i>: every event read is in one of the two. A dead letter names no route, and is not counted: who knows the
 * routes makes one of it for each.
 */
public final class EventsRead implements POutput {
    /** The step that dead letters of events without a time that can be used give. */
    public static final String STEP = "eventTime";

    private static final TupleTag<Event> EVENTS = new TupleTag<>("events");
    private static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");
    private static final TupleTag<Event> ARCHIVED = new TupleTag<>("archived");

    private final PCollection<Event> events;
    private final PCollection<DeadLetter> deadLetters;
    private final @Nullable PCollection<Event> archived;

    private EventsRead(
            PCollection<Event> events, PCollection<DeadLetter> deadLetters, @Nullable PCollection<Event> archived) {
        this.events = events;
        this.deadLetters = deadLetters;
        this.archived = archived;
    }

    /** What was read: events, and dead letters that name no route yet. */
    public static EventsRead of(PCollection<Event> events, PCollection<DeadLetter> deadLetters) {
        return new EventsRead(events, deadLetters, null);
    }

    /** The same, with lines for an archive. */
    public EventsRead with(PCollection<Event> archived) {
        return new EventsRead(events, deadLetters, archived);
    }

    /** The dead letter of an event whose time cannot be used: it names no route, since every route would have read the event. */
    public static DeadLetter deadLetter(Event event, Reason reason, String message, Instant eventTime) {
        return new DeadLetter(event, "", STEP, reason, message, eventTime);
    }

    /** The events, each at its time. */
    public PCollection<Event> events() {
        return events;
    }

    /** Events whose time cannot be read or lies too far ahead, at the watermark of their partition. They name no route. */
    public PCollection<DeadLetter> deadLetters() {
        return deadLetters;
    }

    /**
     * Lines for an archive, {@link io.millrace.io.objects.ArchivedRecord}: of every event, and of what dead letters were made of.
     *
     * @throws IllegalStateException if the read was not asked for them
     */
    public PCollection<Event> archived() {
        checkState(archived != null, "archived must be asked for");
        return archived;
    }

    @Override
    public Pipeline getPipeline() {
        return events.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
        Map<TupleTag<?>, PValue> outputs = new LinkedHashMap<>();
        outputs.put(EVENTS, events);
        outputs.put(DEAD_LETTERS, deadLetters);
        if (archived != null) {
            outputs.put(ARCHIVED, archived);
        }
        return outputs;
    }

    @Override
    public void finishSpecifyingOutput(String transformName, PInput input, PTransform<?, ?> transform) {}
}
