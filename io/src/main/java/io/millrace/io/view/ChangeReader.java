package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.io.sink.RefusedException;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes of each event what it does to a view, or refuses it. */
final class ChangeReader implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 100;

    private final ViewStore store;
    private final Versions versions;

    ChangeReader(ViewStore store, Versions versions) {
        this.store = store;
        this.versions = versions;
    }

    Change read(Event event, Instant time, BoundedWindow window) throws RefusedException {
        byte[] value = event.value();
        if (value != null && value.length > store.maxValueBytes()) {
            throw new RefusedException(
                    Reason.TOO_LARGE,
                    "value must have at most " + store.maxValueBytes() + " bytes, but had " + value.length);
        }
        return new Change(
                event,
                time,
                window,
                key(event.key()),
                Guard.of(event.headers()),
                Versions.of(event.headers()),
                versions);
    }

    private String key(byte @Nullable [] bytes) throws RefusedException {
        if (bytes == null) {
            throw new RefusedException(
                    Reason.REFUSED,
                    "key must not be null in " + store.name() + ": it comes with the event, or by the route's key");
        }
        String key = text(bytes);
        String problem = store.keyProblem(key);
        if (problem != null) {
            throw new RefusedException(Reason.REFUSED, "key '" + shown(key) + "' " + problem);
        }
        return key;
    }

    private String text(byte[] bytes) throws RefusedException {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException(Reason.REFUSED, "key must be UTF-8 in " + store.name());
        }
    }

    private static String shown(String key) {
        String shown = key.replaceAll("[\\p{Cntrl}\\s]+", " ");
        return shown.length() <= SHOWN ? shown : shown.substring(0, SHOWN) + "...";
    }
}
