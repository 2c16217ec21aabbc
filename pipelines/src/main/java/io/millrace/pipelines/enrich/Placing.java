package io.millrace.pipelines.enrich;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.DocumentField;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.router.Route;
import org.jspecify.annotations.Nullable;

/** Puts answers into the documents of their events, and their age into a header. For one thread. */
final class Placing {
    private final DocumentField field;
    private final String header;

    Placing(String into) {
        this.field = DocumentField.named(into);
        this.header = Route.Lookup.AGE_HEADER + into;
    }

    /** The event with an answer; with none, its document stays as it is. */
    Event placed(Event event, byte @Nullable [] value, long ageMillis) throws EvaluationException {
        byte[] document = value == null ? event.value() : field.set(event.value(), value);
        byte[] age = Long.toString(ageMillis).getBytes(ISO_8859_1);
        return Event.of(event.id(), event.key(), document, event.headers().with(header, age));
    }
}
