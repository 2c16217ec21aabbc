package io.millrace.transforms.router;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link RouteEvents} gives: the results of each route, and the dead letters of all. */
public final class Routed implements POutput {
    private final Map<String, PCollection<Event>> routes;
    private final PCollection<DeadLetter> deadLetters;

    Routed(Map<String, PCollection<Event>> routes, PCollection<DeadLetter> deadLetters) {
        this.routes = routes;
        this.deadLetters = deadLetters;
    }

    /**
     * The results of a route.
     *
     * @throws IllegalArgumentException if there is no route of that name
     */
    public PCollection<Event> route(String name) {
        PCollection<Event> route = routes.get(name);
        checkArgument(route != null, "route must be one of %s, but was %s", routes.keySet(), name);
        return route;
    }

    /** What the routes could not process; each names its route. */
    public PCollection<DeadLetter> deadLetters() {
        return deadLetters;
    }

    @Override
    public Pipeline getPipeline() {
        return deadLetters.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
        Map<TupleTag<?>, PValue> outputs = new LinkedHashMap<>();
        routes.forEach((name, route) -> outputs.put(RouteEvents.tag(name), route));
        outputs.put(RouteEvents.DEAD_LETTERS, deadLetters);
        return outputs;
    }

    @Override
    public void finishSpecifyingOutput(String transformName, PInput input, PTransform<?, ?> transform) {}
}
