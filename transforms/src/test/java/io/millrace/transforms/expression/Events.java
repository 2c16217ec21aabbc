package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.event.Headers;
import java.util.Map;

/** One event for a test, and what single expressions give for it. */
record Events(byte[] document, byte[] key, Headers headers, long timestampMillis) {

    static Events document(String json) {
        return new Events(json.getBytes(UTF_8), null, Headers.empty(), Evaluator.NO_TIMESTAMP);
    }

    static Events tombstone() {
        return new Events(null, null, Headers.empty(), Evaluator.NO_TIMESTAMP);
    }

    Events withDocument(byte[] bytes) {
        return new Events(bytes, key, headers, timestampMillis);
    }

    Events withKey(byte[] bytes) {
        return new Events(document, bytes, headers, timestampMillis);
    }

    Events withHeaders(Headers all) {
        return new Events(document, key, all, timestampMillis);
    }

    Events at(long millis) {
        return new Events(document, key, headers, millis);
    }

    boolean passes(String filter) throws EvaluationException {
        Plan.Builder plan = Plan.builder();
        Handle<Filter> handle = plan.add(Filter.of(filter));
        return bound(plan).test(handle);
    }

    /** The value of an expression, as JSON. */
    String value(String expression) throws EvaluationException {
        String object = projected(Projection.of(Map.of("v", expression)));
        return object.substring("{\"v\":".length(), object.length() - 1);
    }

    String projected(Projection projection) throws EvaluationException {
        Plan.Builder plan = Plan.builder();
        Handle<Projection> handle = plan.add(projection);
        return new String(bound(plan).project(handle), UTF_8);
    }

    String text(String expression) throws EvaluationException {
        Plan.Builder plan = Plan.builder();
        Handle<TextExpression> handle = plan.add(TextExpression.of(expression));
        byte[] text = bound(plan).text(handle);
        return text == null ? null : new String(text, UTF_8);
    }

    long time(String expression) throws EvaluationException {
        Plan.Builder plan = Plan.builder();
        Handle<TimeExpression> handle = plan.add(TimeExpression.of(expression));
        return bound(plan).time(handle);
    }

    private Evaluator bound(Plan.Builder plan) {
        Evaluator evaluator = plan.build().evaluator();
        evaluator.bind(document, key, headers, timestampMillis);
        return evaluator;
    }
}
