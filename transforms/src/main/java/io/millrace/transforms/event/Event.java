package io.millrace.transforms.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.jspecify.annotations.Nullable;

/**
 * One event: its identity, and its key, value and headers as bytes.
 *
 * <p>Immutable, and without a time of its own: an event's time is the timestamp of the element that carries it. Arrays are
 * shared, not copied, on the way in and out; nobody may change one.
 *
 * <p>A null value is a tombstone: the word of a compacted topic that its key was deleted.
 */
@DefaultCoder(EventCoder.class)
public final class Event {
    private final ResultId id;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final Headers headers;

    private Event(ResultId id, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        this.id = id;
        this.key = key;
        this.value = value;
        this.headers = headers;
    }

    /** An event of the given parts. */
    public static Event of(ResultId id, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return new Event(id, key, value, headers);
    }

    /** An event as it was read, without headers. */
    public static Event of(Origin origin, byte @Nullable [] key, byte @Nullable [] value) {
        return new Event(ResultId.of(origin), key, value, Headers.empty());
    }

    /** Which result this is. */
    public ResultId id() {
        return id;
    }

    /** The key, or null. */
    public byte @Nullable [] key() {
        return key;
    }

    /** The value, or null for a tombstone. */
    public byte @Nullable [] value() {
        return value;
    }

    /** The headers, in their order. */
    public Headers headers() {
        return headers;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Event that
                && id.equals(that.id)
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "Event{" + id + ", key=" + text(key) + ", value=" + text(value) + ", headers=" + headers + "}";
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }
}
