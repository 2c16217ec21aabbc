package io.millrace.io.view;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.InstantCoder;
import org.apache.beam.sdk.util.VarInt;
import org.joda.time.Instant;

/**
 * What a zone has not got yet, or what it has got in place of that.
 *
 * @param event the event, whose key and value are owed
 * @param time its time
 * @param version by which it is compared with what is there
 * @param isDone whether the zone has it: then it only takes the place of what may be owed of its key
 */
record Owed(Event event, Instant time, long version, boolean isDone) {
    static final Coder<Owed> CODER = new OwedCoder();

    private static final class OwedCoder extends AtomicCoder<Owed> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(Owed owed, OutputStream out) throws IOException {
            out.write(VERSION);
            EventCoder.of().encode(owed.event, out);
            InstantCoder.of().encode(owed.time, out);
            VarInt.encode(owed.version, out);
            out.write(owed.isDone ? 1 : 0);
        }

        @Override
        public Owed decode(InputStream in) throws IOException {
            Versioned.read("what is owed", VERSION, in);
            return new Owed(
                    EventCoder.of().decode(in), InstantCoder.of().decode(in), VarInt.decodeLong(in), in.read() == 1);
        }
    }
}
