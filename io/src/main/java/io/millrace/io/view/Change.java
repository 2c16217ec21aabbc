package io.millrace.io.view;

import io.millrace.transforms.event.Event;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an event does to a view: a value for a key, or none any more. Its version is read when it is needed. */
final class Change {
    private final Event event;
    private final Instant time;
    private final BoundedWindow window;
    private final String key;
    private final Guard guard;
    private final @Nullable Long versionOfHeader;
    private final Versions versions;
    private boolean isRead;
    private @Nullable Long versionOfDocument;

    Change(
            Event event,
            Instant time,
            BoundedWindow window,
            String key,
            Guard guard,
            @Nullable Long versionOfHeader,
            Versions versions) {
        this.event = event;
        this.time = time;
        this.window = window;
        this.key = key;
        this.guard = guard;
        this.versionOfHeader = versionOfHeader;
        this.versions = versions;
    }

    Event event() {
        return event;
    }

    Instant time() {
        return time;
    }

    BoundedWindow window() {
        return window;
    }

    String key() {
        return key;
    }

    byte @Nullable [] value() {
        return event.value();
    }

    boolean isDelete() {
        return event.value() == null;
    }

    int bytes() {
        byte[] value = event.value();
        return value == null ? 0 : value.length;
    }

    Guard guard() {
        return guard;
    }

    /** The version, by its header or else the document; null where there is none. */
    @Nullable Long version() {
        return versionOfHeader == null ? versionOfDocument() : versionOfHeader;
    }

    /**
     * The version by which this can be compared with what is stored, now and later; null where it cannot. A document must have it itself, since it
     * is compared with others where it is stored.
     */
    @Nullable Long comparable() {
        return isDelete() || versionOfDocument() != null ? version() : null;
    }

    private @Nullable Long versionOfDocument() {
        byte[] value = event.value();
        if (!isRead && value != null) {
            versionOfDocument = versions.of(value);
            isRead = true;
        }
        return versionOfDocument;
    }
}
