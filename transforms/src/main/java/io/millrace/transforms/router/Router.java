package io.millrace.transforms.router;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.expression.DocumentField;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.Projection;
import io.millrace.transforms.expression.Selection;
import io.millrace.transforms.expression.TextExpression;
import io.millrace.transforms.router.Answers.Answer;
import io.millrace.transforms.router.Answers.Fate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of one event on each route. For one thread. */
final class Router {

    /** Hears what became of the event; routes by their position. A route that says nothing has filtered it. */
    interface Outcome {
        void routed(int route, Event result);

        void deadLettered(int route, DeadLetter deadLetter);
    }

    private final Evaluator evaluator;
    private final Selection selection;
    private final List<Planned> routes;
    private final boolean first;
    private final BitSet open = new BitSet();

    private Router(Evaluator evaluator, Selection selection, List<Planned> routes, boolean first) {
        this.evaluator = evaluator;
        this.selection = selection;
        this.routes = routes;
        this.first = first;
    }

    /** A router that gives an event to all routes that take it, or to the first alone. */
    static Router of(List<Route> routes, boolean first) {
        Plan.Builder builder = Plan.builder();
        List<Planned> planned = new ArrayList<>();
        List<@Nullable Handle<Filter>> filters = new ArrayList<>();
        for (Route route : routes) {
            planned.add(Planned.of(route, builder));
            filters.add(planned.get(planned.size() - 1).filter);
        }
        Plan plan = builder.build();
        return new Router(plan.evaluator(), plan.selection(filters), planned, first);
    }

    void route(Event event, Instant time, Outcome outcome) throws InterruptedException {
        evaluator.bind(event.value(), event.key(), event.headers(), millis(time));
        evaluator.select(selection, open);
        for (int position = open.nextSetBit(0); position >= 0; position = open.nextSetBit(position + 1)) {
            if (isKept(event, time, position, outcome) && first) {
                return;
            }
        }
    }

    /** Whether a route takes the event, drops it for what it looked up, or gives it up. */
    private boolean isKept(Event event, Instant time, int position, Outcome outcome) throws InterruptedException {
        Planned planned = routes.get(position);
        Step step = Step.FILTER;
        try {
            if (!evaluator.test(selection, position)) {
                return false;
            }
            if (event.value() == null && planned.route.removals()) {
                Event removal = Event.of(event.id().madeBy(planned.route.name()), event.key(), null, event.headers());
                outcome.routed(position, removal);
                return true;
            }
            step = Step.ENRICH;
            Headers headers = lookedUp(event, time, position, outcome);
            if (headers == null) {
                return true;
            }
            step = Step.PROJECT;
            byte[] value = planned.projection == null ? evaluator.document() : evaluator.project(planned.projection);
            step = Step.KEY;
            byte[] key = planned.key == null ? event.key() : evaluator.text(planned.key);
            outcome.routed(position, Event.of(event.id().madeBy(planned.route.name()), key, value, headers));
            return true;
        } catch (EvaluationException e) {
            return isGivenUp(event, time, position, step, e, outcome);
        } finally {
            evaluator.unset(); // what one route looks up another does not see
        }
    }

    /** Sets what a route looks up, and gives the event's headers then; null where the event leaves the route here. */
    private @Nullable Headers lookedUp(Event event, Instant time, int position, Outcome outcome)
            throws EvaluationException, InterruptedException {
        Headers headers = event.headers();
        for (PlannedLookup lookup : routes.get(position).lookups) {
            byte[] key = evaluator.text(lookup.key);
            if (key == null) {
                giveUp(event, time, position, Step.ENRICH, Reason.LOOKUP_KEY_FAILED, "the key is null", outcome);
                return null;
            }
            String of = new String(key, UTF_8);
            Answer answer = lookup.answers.of(of);
            if (answer.fate() == Fate.GIVE_UP) {
                String message = "key '" + of + "': there is nothing of this key";
                giveUp(event, time, position, Step.ENRICH, Reason.LOOKUP_MISSED, message, outcome);
            }
            if (answer.fate() != Fate.GO_ON) {
                return null;
            }
            if (answer.value() != null) {
                evaluator.set(lookup.field, answer.value());
            }
            headers = headers.with(
                    lookup.ageHeader, Long.toString(answer.ageMillis()).getBytes(ISO_8859_1));
        }
        return headers;
    }

    private boolean isGivenUp(
            Event event, Instant time, int position, Step step, EvaluationException failure, Outcome outcome) {
        Route route = routes.get(position).route;
        if (failure.kind() == EvaluationException.Kind.FAILED && route.onError() == Route.OnError.DROP) {
            return false;
        }
        String message = requireNonNull(failure.getMessage());
        Reason reason = failure.reason(step.failed);
        giveUp(event, time, position, step, reason, message, outcome);
        return true;
    }

    private void giveUp(
            Event event, Instant time, int position, Step step, Reason reason, String message, Outcome outcome) {
        String route = routes.get(position).route.name();
        outcome.deadLettered(position, new DeadLetter(event, route, step.text, reason, message, time));
    }

    private static long millis(Instant time) {
        return time.equals(DeadLetter.NO_TIME) ? Evaluator.NO_TIMESTAMP : time.getMillis();
    }

    /** The steps of a route, as dead letters name them. */
    private enum Step {
        FILTER("filter", Reason.FILTER_FAILED),
        ENRICH("enrich", Reason.LOOKUP_KEY_FAILED),
        PROJECT("project", Reason.PROJECTION_FAILED),
        KEY("key", Reason.KEY_FAILED);

        private final String text;
        private final Reason failed;

        Step(String text, Reason failed) {
            this.text = text;
            this.failed = failed;
        }
    }

    /** A route, and where its expressions stand in the plan. */
    private record Planned(
            Route route,
            @Nullable Handle<Filter> filter,
            List<PlannedLookup> lookups,
            @Nullable Handle<Projection> projection,
            @Nullable Handle<TextExpression> key) {

        static Planned of(Route route, Plan.Builder plan) {
            return new Planned(
                    route,
                    route.filter() == null ? null : plan.add(route.filter()),
                    route.lookups().stream()
                            .map(lookup -> PlannedLookup.of(lookup, plan))
                            .toList(),
                    route.projection() == null ? null : plan.add(route.projection()),
                    route.key() == null ? null : plan.add(route.key()));
        }
    }

    private record PlannedLookup(
            Handle<TextExpression> key, Answers answers, Handle<DocumentField> field, String ageHeader) {

        static PlannedLookup of(Route.Lookup lookup, Plan.Builder plan) {
            return new PlannedLookup(
                    plan.add(lookup.key()),
                    lookup.answers(),
                    plan.addField(lookup.into()),
                    Route.Lookup.AGE_HEADER + lookup.into());
        }
    }
}
