package io.millrace.io.kafka;

import io.millrace.io.source.EventTimes;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes events of the records of one partition. One thread at a time. */
final class EventMaker {
    private final String stream;
    private final RecordTime recordTime;

    /** For records of the stream of this name, with times as the source has them, and a clock to tell which lie too far ahead. */
    EventMaker(String stream, EventTimes times, Clock clock) {
        this.stream = stream;
        this.recordTime = RecordTime.of(times, clock);
    }

    PolledEvents events(List<ConsumerRecord<byte[], byte[]>> records) {
        PolledEvents.Builder polled = PolledEvents.builder(records.size());
        for (ConsumerRecord<byte[], byte[]> read : records) {
            recordTime.add(event(stream, read), read.timestamp(), polled);
        }
        return polled.build();
    }

    /** The event that a record of a stream is. */
    static Event event(String stream, ConsumerRecord<byte[], byte[]> read) {
        Origin origin = new Origin(stream, read.partition(), read.offset());
        return Event.of(ResultId.of(origin), read.key(), read.value(), RecordHeaders.of(read));
    }
}
