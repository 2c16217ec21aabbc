package io.millrace.transforms.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Encodes an {@link Event}: a version byte, the identity, key and value (each may be null), and the headers in their order.
 * Deterministic.
 */
public final class EventCoder extends AtomicCoder<Event> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;
    private static final EventCoder INSTANCE = new EventCoder();

    private EventCoder() {}

    /** The coder. */
    public static EventCoder of() {
        return INSTANCE;
    }

    /** The coder, as Beam's registry asks for it through {@code @DefaultCoder}. */
    public static CoderProvider getCoderProvider() {
        return CoderProviders.forCoder(TypeDescriptor.of(Event.class), INSTANCE);
    }

    @Override
    public void encode(Event event, OutputStream out) throws IOException {
        Encoding.writeVersion(VERSION, out);
        ResultIdCoder.of().encode(event.id(), out);
        Encoding.writeNullable(event.key(), out);
        Encoding.writeNullable(event.value(), out);
        encode(event.headers(), out);
    }

    @Override
    public Event decode(InputStream in) throws IOException {
        Encoding.readVersion("event", VERSION, in);
        ResultId id = ResultIdCoder.of().decode(in);
        byte[] key = Encoding.readNullable(in);
        byte[] value = Encoding.readNullable(in);
        return Event.of(id, key, value, decodeHeaders(in));
    }

    private static void encode(Headers headers, OutputStream out) throws IOException {
        VarInt.encode(headers.size(), out);
        for (int position = 0; position < headers.size(); position++) {
            Encoding.writeText(headers.name(position), out);
            Encoding.writeNullable(headers.value(position), out);
        }
    }

    private static Headers decodeHeaders(InputStream in) throws IOException {
        int size = VarInt.decodeInt(in);
        if (size == 0) {
            return Headers.empty();
        }
        Headers.Builder headers = Headers.builder();
        for (int position = 0; position < size; position++) {
            headers.add(Encoding.readText(in), Encoding.readNullable(in));
        }
        return headers.build();
    }
}
