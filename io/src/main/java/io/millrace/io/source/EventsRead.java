package io.millrace.io.source;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What a source gives: the events, at their times, and as dead letters those whose time cannot be used. */
public final class EventsRead implements POutput {
    private static final TupleTag<Event> EVENTS = new TupleTag<>("events");
    private static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");

    private final PCollection<Event> events;
    private final PCollection<DeadLetter> deadLetters;

    private EventsRead(PCollection<Event> events, PCollection<DeadLetter> deadLetters) {
        this.events = events;
        this.deadLetters = deadLetters;
    }

    /** What was read: events, and dead letters that name no route yet. */
    public static EventsRead of(PCollection<Event> events, PCollection<DeadLetter> deadLetters) {
        return new EventsRead(events, deadLetters);
    }

    /** The events, each at its time. */
    public PCollection<Event> events() {
        return events;
    }

    /** Events whose time cannot be read or lies too far ahead, at the watermark of their partition. They name no route. */
    public PCollection<DeadLetter> deadLetters() {
        return deadLetters;
    }

    @Override
    public Pipeline getPipeline() {
        return events.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
        return Map.of(EVENTS, events, DEAD_LETTERS, deadLetters);
    }

    @Override
    public void finishSpecifyingOutput(String transformName, PInput input, PTransform<?, ?> transform) {}
}
