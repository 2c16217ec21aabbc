package io.millrace.pipelines.view;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/** Encodes a {@link ViewEvent}: a version byte, the part, then the event. */
final class ViewEventCoder extends AtomicCoder<ViewEvent> {
    private static final long serialVersionUID = 1;
    private static final ViewEventCoder INSTANCE = new ViewEventCoder();
    private static final int VERSION = 1;
    private static final Coder<Event> EVENT = EventCoder.of();

    private ViewEventCoder() {}

    static ViewEventCoder of() {
        return INSTANCE;
    }

    @Override
    public void encode(ViewEvent event, OutputStream out) throws IOException {
        out.write(VERSION);
        VarInt.encode(event.part(), out);
        EVENT.encode(event.event(), out);
    }

    @Override
    public ViewEvent decode(InputStream in) throws IOException {
        Versioned.read("view event", VERSION, in);
        int part = VarInt.decodeInt(in);
        return new ViewEvent(part, EVENT.decode(in));
    }
}
