package io.millrace.pipelines.router;

import io.millrace.io.source.ComputedTime;
import io.millrace.io.source.Originals;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.TimeExpression;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** A source of which single events are wanted again, as they were and at the time that it gives them. */
final class SourceAgain implements Serializable {
    private static final long serialVersionUID = 1;

    private final Originals originals;
    private final @Nullable ComputedTime eventTime;
    private transient Originals.@Nullable Reader reader;

    private SourceAgain(Originals originals, @Nullable ComputedTime eventTime) {
        this.originals = originals;
        this.eventTime = eventTime;
    }

    static SourceAgain of(Originals originals, @Nullable TimeExpression eventTime) {
        return new SourceAgain(originals, eventTime == null ? null : ComputedTime.by(eventTime));
    }

    /** Whether an origin can be one of this source. */
    boolean has(Origin origin) {
        return reader().has(origin);
    }

    /** The event at an origin; nothing if it is gone from there. */
    Optional<Event> event(Origin origin) throws IOException {
        return reader().event(origin);
    }

    /** The time of an event: computed, or the one that it had where the source says no other. */
    Instant time(Event event, Instant before) throws EvaluationException {
        return eventTime == null ? before : eventTime.of(event);
    }

    private Originals.Reader reader() {
        if (reader == null) {
            reader = originals.open();
        }
        return reader;
    }

    void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }
}
