package io.millrace.pipelines.join;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.base.Utf8;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.JsonCheck;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.Projection;
import io.millrace.transforms.expression.TextExpression;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** The expressions of one side of a join, for one event after the other. For one thread. */
final class SideEvaluator {
    private final Evaluator evaluator;
    private final @Nullable Handle<Filter> filter;
    private final Handle<TextExpression> key;
    private final @Nullable Handle<Projection> keep;
    private final @Nullable Handle<TextExpression> id;
    private final @Nullable Handle<TextExpression> by;

    SideEvaluator(
            @Nullable Filter filter,
            TextExpression key,
            @Nullable Projection keep,
            @Nullable TextExpression id,
            @Nullable TextExpression by) {
        Plan.Builder plan = Plan.builder();
        this.filter = filter == null ? null : plan.add(filter);
        this.key = plan.add(key);
        this.keep = keep == null ? null : plan.add(keep);
        this.id = id == null ? null : plan.add(id);
        this.by = by == null ? null : plan.add(by);
        this.evaluator = plan.build().evaluator();
    }

    /** An expression of an event has no result that can be used. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        private final Reason reason;

        private FailedException(Reason reason, String message) {
            super(message, null, false, false);
            this.reason = reason;
        }

        Reason reason() {
            return reason;
        }

        @Override
        public String getMessage() {
            return requireNonNull(super.getMessage());
        }
    }

    /** Takes up the next event, and says whether it is one of the side. */
    boolean takes(Event event, Instant time) throws FailedException {
        long millis = time.equals(DeadLetter.NO_TIME) ? Evaluator.NO_TIMESTAMP : time.getMillis();
        evaluator.bind(event.value(), event.key(), event.headers(), millis);
        try {
            return filter == null || evaluator.test(filter);
        } catch (EvaluationException e) {
            throw failed("filter", e, Reason.FILTER_FAILED);
        }
    }

    String key() throws FailedException {
        return text("key", key);
    }

    Joinable joinable(Event event, Instant time) throws FailedException {
        return new Joinable(
                event,
                time.getMillis(),
                document(event),
                id == null ? event.id().toString() : text("id", id),
                by == null ? "" : text("by", by));
    }

    private byte[] document(Event event) throws FailedException {
        if (keep == null) {
            return checked(event.value());
        }
        try {
            return evaluator.project(keep);
        } catch (EvaluationException e) {
            throw failed("keep", e, Reason.PROJECTION_FAILED);
        }
    }

    private static byte[] checked(byte @Nullable [] document) throws FailedException {
        if (document == null) {
            throw new FailedException(Reason.NO_VALUE, "the event has no value");
        }
        String problem = JsonCheck.problem(document);
        if (problem != null) {
            throw new FailedException(Reason.NOT_JSON, problem);
        }
        return document;
    }

    private String text(String name, Handle<TextExpression> expression) throws FailedException {
        byte[] text;
        try {
            text = evaluator.text(expression);
        } catch (EvaluationException e) {
            throw failed(name, e, Reason.JOIN_KEY_FAILED);
        }
        if (text == null) {
            throw new FailedException(Reason.JOIN_KEY_FAILED, name + ": the result is null");
        }
        if (!Utf8.isWellFormed(text)) {
            throw new FailedException(Reason.JOIN_KEY_FAILED, name + ": the result is not UTF-8");
        }
        return new String(text, UTF_8);
    }

    private static FailedException failed(String name, EvaluationException failure, Reason reason) {
        return new FailedException(failure.reason(reason), name + ": " + failure.getMessage());
    }
}
