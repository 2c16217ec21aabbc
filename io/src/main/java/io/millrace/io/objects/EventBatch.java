package io.millrace.io.objects;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.InstantCoder;
import org.apache.beam.sdk.util.VarInt;
import org.joda.time.Instant;

/**
 * Events of one bundle that go the same way, each with its time.
 *
 * @param windowStart where the window of all of them begins; {@link io.millrace.transforms.event.DeadLetter#NO_TIME} without windows
 * @param events the events with their times, one or more
 */
record EventBatch(Instant windowStart, List<Timed> events) {
    static final StateCoder<EventBatch> CODER = new EventBatchCoder();

    /**
     * An event and its time.
     *
     * @param event the event
     * @param time its time
     */
    record Timed(Event event, Instant time) {}

    EventBatch {
        events = List.copyOf(events);
    }

    /** The earliest time in the batch: what holds the watermark while the batch is on its way. */
    Instant earliest() {
        Instant earliest = events.get(0).time();
        for (Timed timed : events) {
            earliest = timed.time().isBefore(earliest) ? timed.time() : earliest;
        }
        return earliest;
    }

    private static final class EventBatchCoder extends StateCoder<EventBatch> {
        private static final long serialVersionUID = 1;

        EventBatchCoder() {
            super("event batch");
        }

        @Override
        void encodeParts(EventBatch batch, OutputStream out) throws IOException {
            InstantCoder.of().encode(batch.windowStart, out);
            VarInt.encode(batch.events.size(), out);
            for (Timed timed : batch.events) {
                InstantCoder.of().encode(timed.time(), out);
                EventCoder.of().encode(timed.event(), out);
            }
        }

        @Override
        EventBatch decodeParts(InputStream in) throws IOException {
            Instant windowStart = InstantCoder.of().decode(in);
            int size = VarInt.decodeInt(in);
            List<Timed> events = new ArrayList<>(size);
            for (int position = 0; position < size; position++) {
                Instant time = InstantCoder.of().decode(in);
                events.add(new Timed(EventCoder.of().decode(in), time));
            }
            return new EventBatch(windowStart, events);
        }
    }
}
