package io.millrace.benchmarks.expression;

import io.millrace.transforms.event.Headers;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.Projection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ours, as the router uses it. */
final class Evaluated implements Job {
    private final Evaluator evaluator;
    private final Handle<Filter> filter;
    private final Handle<Projection> projection;

    Evaluated(String filter, List<String> fields) {
        Plan.Builder plan = Plan.builder();
        this.filter = plan.add(Filter.of(filter));
        this.projection = plan.add(Projection.keeping(fields));
        this.evaluator = plan.build().evaluator();
    }

    @Override
    public byte @Nullable [] route(byte[] document) throws Refusal {
        evaluator.bind(document, null, Headers.empty(), Evaluator.NO_TIMESTAMP);
        try {
            return evaluator.test(filter) ? evaluator.project(projection) : null;
        } catch (EvaluationException e) {
            throw new Refusal(
                    e.kind() == EvaluationException.Kind.NOT_JSON ? Refusal.Reason.NOT_JSON : Refusal.Reason.FAILED);
        }
    }
}
