package io.millrace.pipelines.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Utf8;
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
import io.millrace.transforms.expression.TimeExpression;
import io.millrace.transforms.view.Changes;
import io.millrace.transforms.view.UnfoldableException;
import org.jspecify.annotations.Nullable;

/** The expressions of a part of a view, for one event after the other. For one thread. */
final class PartEvaluator {
    /** The name of an item of a key that has but one. */
    private static final String ONLY = "";

    private final String place;
    private final Evaluator evaluator;
    private final @Nullable Handle<Filter> filter;
    private final Handle<TextExpression> key;
    private final @Nullable Handle<TextExpression> item;
    private final @Nullable Handle<Projection> keep;
    private final @Nullable Handle<Filter> removes;
    private final @Nullable Handle<TimeExpression> version;

    PartEvaluator(ViewPart part) {
        this.place = part.place();
        Plan.Builder plan = Plan.builder();
        this.filter = part.filter() == null ? null : plan.add(part.filter());
        this.key = plan.add(part.key());
        this.item = part.item() == null ? null : plan.add(part.item());
        this.keep = part.keep() == null ? null : plan.add(part.keep());
        this.removes = part.removes() == null ? null : plan.add(part.removes());
        this.version = part.version() == null ? null : plan.add(part.version());
        this.evaluator = plan.build().evaluator();
    }

    /** Gives what an event changes. */
    void fold(Event event, long defaultVersion, Changes<byte[]> changes) throws UnfoldableException {
        evaluator.bind(event.value(), event.key(), event.headers(), defaultVersion);
        if (filter != null && !test("filter", filter)) {
            return;
        }
        String ofKey = text("key", key);
        String ofItem = item == null ? ONLY : text("item", item);
        long since = version == null ? defaultVersion : version(version);
        if (removes != null && test("removes", removes)) {
            changes.remove(ofKey, ofItem, since);
        } else {
            changes.add(ofKey, ofItem, document(event), since);
        }
    }

    private boolean test(String name, Handle<Filter> expression) throws UnfoldableException {
        try {
            return evaluator.test(expression);
        } catch (EvaluationException e) {
            throw failed(name, e, Reason.FILTER_FAILED);
        }
    }

    private String text(String name, Handle<TextExpression> expression) throws UnfoldableException {
        byte[] text;
        try {
            text = evaluator.text(expression);
        } catch (EvaluationException e) {
            throw failed(name, e, Reason.VIEW_KEY_FAILED);
        }
        if (text == null) {
            throw failed(name + ": the result is null", Reason.VIEW_KEY_FAILED);
        }
        if (!Utf8.isWellFormed(text)) {
            throw failed(name + ": the result is not UTF-8", Reason.VIEW_KEY_FAILED);
        }
        return new String(text, UTF_8);
    }

    private long version(Handle<TimeExpression> expression) throws UnfoldableException {
        try {
            return evaluator.time(expression);
        } catch (EvaluationException e) {
            throw failed("version", e, Reason.VIEW_KEY_FAILED);
        }
    }

    private byte[] document(Event event) throws UnfoldableException {
        if (keep != null) {
            try {
                return evaluator.project(keep);
            } catch (EvaluationException e) {
                throw failed("keep", e, Reason.PROJECTION_FAILED);
            }
        }
        byte[] document = event.value();
        if (document == null) {
            throw failed("the event has no value", Reason.NO_VALUE);
        }
        String problem = JsonCheck.problem(document);
        if (problem != null) {
            throw failed(problem, Reason.NOT_JSON);
        }
        return document;
    }

    private UnfoldableException failed(String name, EvaluationException failure, Reason reason) {
        return failed(name + ": " + failure.getMessage(), failure.reason(reason));
    }

    private UnfoldableException failed(String message, Reason reason) {
        return new UnfoldableException(reason, place + ": " + message);
    }
}
