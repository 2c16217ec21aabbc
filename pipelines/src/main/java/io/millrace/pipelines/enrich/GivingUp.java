package io.millrace.pipelines.enrich;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.router.Route.OnError;
import java.io.Serializable;
import java.util.Optional;
import org.joda.time.Instant;

/**
 * Gives up events of a route, and counts them.
 *
 * @param route the route's name
 * @param metrics its metrics
 * @param onError what becomes of an event on which an expression fails
 */
record GivingUp(String route, RouteMetrics metrics, OnError onError) implements Serializable {
    /** The name of the step within a route, as dead letters give it. */
    static final String STEP = "enrich";

    /** The dead letter of an event on which an expression failed; nothing where the route drops it. */
    Optional<DeadLetter> failed(Event event, EvaluationException failure, Instant time) {
        if (failure.kind() == EvaluationException.Kind.FAILED && onError == OnError.DROP) {
            metrics.countFiltered(1);
            return Optional.empty();
        }
        return Optional.of(deadLetter(
                event, failure.reason(Reason.LOOKUP_KEY_FAILED), String.valueOf(failure.getMessage()), time));
    }

    DeadLetter deadLetter(Event event, Reason reason, String message, Instant time) {
        metrics.countDeadLetter(reason);
        return new DeadLetter(event, route, STEP, reason, message, time);
    }
}
