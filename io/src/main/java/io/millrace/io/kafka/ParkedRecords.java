package io.millrace.io.kafka;

import io.millrace.io.sink.TimedEvent;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.joda.time.Instant;

/** The values of records in which events wait: a version byte, the event's time in epoch milliseconds, and the event. */
final class ParkedRecords {
    private static final int VERSION = 1;

    private ParkedRecords() {}

    static byte[] encode(TimedEvent event) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(VERSION);
        out.writeLong(event.time().getMillis());
        EventCoder.of().encode(event.event(), out);
        return bytes.toByteArray();
    }

    static TimedEvent decode(byte[] value) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(value));
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("parked event must be of version " + VERSION + ", but was of " + version);
        }
        Instant time = new Instant(in.readLong());
        Event event = EventCoder.of().decode(in);
        return new TimedEvent(event, time);
    }
}
