package io.millrace.io.kafka;

import io.millrace.io.source.EventsRead;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.kafka.common.header.Header;
import org.joda.time.Instant;

/** Makes events of records: dead letters of those that the timestamp policy has marked. */
final class ToEventsFn extends DoFn<KafkaRecord<byte[], byte[]>, Event> {
    private static final long serialVersionUID = 1;

    private final KafkaSource source;
    private final boolean marked;
    private final TupleTag<DeadLetter> deadLetters;
    private transient Map<String, String> streams = new HashMap<>();
    private transient String lastTopic = "";
    private transient String lastStream = "";

    ToEventsFn(KafkaSource source, boolean marked, TupleTag<DeadLetter> deadLetters) {
        this.source = source;
        this.marked = marked;
        this.deadLetters = deadLetters;
    }

    @Setup
    public void nameStreams() {
        String cluster = ClusterIds.of(source.bootstrapServers(), source.properties());
        String generation = source.generation() == 0 ? "" : "@" + source.generation();
        streams = new HashMap<>();
        source.topics().forEach(topic -> streams.put(topic, cluster + "/" + topic + generation));
        lastTopic = "";
    }

    @ProcessElement
    public void process(
            @Element KafkaRecord<byte[], byte[]> record, OutputReceiver<Event> events, MultiOutputReceiver outputs) {
        Header[] headers = RecordHeaders.arrayOf(record);
        boolean hasMark = marked && headers.length > 0 && TimeProblem.isMark(headers[headers.length - 1]);
        Event event = event(record, RecordHeaders.first(headers.length - (hasMark ? 1 : 0), headers));
        TimeProblem problem = hasMark ? TimeProblem.of(headers[headers.length - 1]) : null;
        if (problem == null) {
            events.output(event);
        } else {
            outputs.get(deadLetters).output(deadLetter(event, problem));
        }
    }

    private Event event(KafkaRecord<byte[], byte[]> record, Headers headers) {
        Origin origin = new Origin(stream(record.getTopic()), record.getPartition(), record.getOffset());
        return Event.of(
                ResultId.of(origin), record.getKV().getKey(), record.getKV().getValue(), headers);
    }

    private String stream(String topic) {
        if (!topic.equals(lastTopic)) {
            lastStream = streams.getOrDefault(topic, topic);
            lastTopic = topic;
        }
        return lastStream;
    }

    private static DeadLetter deadLetter(Event event, TimeProblem problem) {
        return EventsRead.deadLetter(event, problem.reason(), problem.message(), new Instant(problem.eventTime()));
    }
}
