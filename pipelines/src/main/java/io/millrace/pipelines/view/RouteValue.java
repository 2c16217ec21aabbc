package io.millrace.pipelines.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.Projection;
import org.jspecify.annotations.Nullable;

/** What a route that reads a view makes of a key. For one thread. */
public final class RouteValue {
    private final @Nullable Evaluator evaluator;
    private final @Nullable Handle<Projection> projection;

    private RouteValue(@Nullable Evaluator evaluator, @Nullable Handle<Projection> projection) {
        this.evaluator = evaluator;
        this.projection = projection;
    }

    /** That of a route. */
    public static RouteValue of(RouteSpec route) {
        Projection projection = route.projection();
        if (projection == null) {
            return new RouteValue(null, null);
        }
        Plan.Builder plan = Plan.builder();
        Handle<Projection> handle = plan.add(projection);
        return new RouteValue(plan.build().evaluator(), handle);
    }

    /**
     * What should be stored of a key; null where it is removed.
     *
     * @throws EvaluationException if the route gives it up
     */
    public byte @Nullable [] of(Answer.Told told) throws EvaluationException {
        if (told.document() == null || evaluator == null || projection == null) {
            return told.document();
        }
        evaluator.bind(told.document(), told.key().getBytes(UTF_8), Headers.empty(), Evaluator.NO_TIMESTAMP);
        return evaluator.project(projection);
    }
}
