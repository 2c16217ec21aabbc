package io.millrace.io.kafka;

import io.millrace.io.source.EventsRead;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/** Takes polled events apart, each at its time, and makes dead letters of those whose time cannot be used. */
final class ToEventsFn extends DoFn<KafkaRecord<byte[], PolledEvents>, Event> {
    private static final long serialVersionUID = 1;

    private final TupleTag<DeadLetter> deadLetters;

    ToEventsFn(TupleTag<DeadLetter> deadLetters) {
        this.deadLetters = deadLetters;
    }

    @ProcessElement
    public void process(
            @Element KafkaRecord<byte[], PolledEvents> element,
            OutputReceiver<Event> events,
            MultiOutputReceiver outputs) {
        PolledEvents polled = element.getKV().getValue();
        for (int position = 0; position < polled.size(); position++) {
            Instant time = new Instant(polled.time(position));
            TimeProblem problem = polled.problem(position);
            if (problem == null) {
                events.outputWithTimestamp(polled.event(position), time);
            } else {
                outputs.get(deadLetters).outputWithTimestamp(deadLetter(polled.event(position), problem), time);
            }
        }
    }

    private static DeadLetter deadLetter(Event event, TimeProblem problem) {
        return EventsRead.deadLetter(event, problem.reason(), problem.message(), new Instant(problem.eventTime()));
    }
}
