package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkState;

import io.millrace.io.kafka.PolledEvents.Records;
import io.millrace.io.objects.ArchivedRecord;
import io.millrace.io.source.EventsRead;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Takes polled events apart, each at its time, and makes dead letters of those whose time cannot be used; and, where there is an archive to
 * write, lines of both for that.
 */
final class ToEventsFn extends DoFn<KafkaRecord<byte[], PolledEvents>, Event> {
    private static final long serialVersionUID = 1;

    private final TupleTag<DeadLetter> deadLetters;
    private final @Nullable TupleTag<Event> archived;

    ToEventsFn(TupleTag<DeadLetter> deadLetters, @Nullable TupleTag<Event> archived) {
        this.deadLetters = deadLetters;
        this.archived = archived;
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
        if (archived != null) {
            archive(polled, outputs.get(archived));
        }
    }

    private static void archive(PolledEvents polled, OutputReceiver<Event> lines) {
        Records records = polled.records();
        checkState(
                records != null,
                "source must be the one of the spec where there is an archive to write, but goes on out of a state of before:"
                        + " begin with --source=offsets");
        long from = records.from();
        for (int position = 0; position < polled.size(); position++) {
            Event event = polled.event(position);
            Origin origin = event.id().origin();
            byte[] line = new ArchivedRecord(
                            origin.stream(),
                            origin.partition(),
                            from,
                            origin.offset(),
                            records.times()[position],
                            event.key(),
                            event.value(),
                            event.headers())
                    .toLine();
            lines.outputWithTimestamp(Event.of(origin, null, line), new Instant(polled.time(position)));
            from = origin.offset() + 1;
        }
    }

    private static DeadLetter deadLetter(Event event, TimeProblem problem) {
        return EventsRead.deadLetter(event, problem.reason(), problem.message(), new Instant(problem.eventTime()));
    }
}
