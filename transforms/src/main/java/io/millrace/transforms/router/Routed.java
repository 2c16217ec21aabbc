package io.millrace.transforms.router;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** What {@link RouteEvents} gives: the results of each route, and the dead letters of all. */
public final class Routed implements POutput {
    private final Map<String, PCollection<Event>> routes;
    private final @Nullable PCollection<List<Event>> merged;
    private final PCollection<DeadLetter> deadLetters;

    Routed(
            Map<String, PCollection<Event>> routes,
            @Nullable PCollection<List<Event>> merged,
            PCollection<DeadLetter> deadLetters) {
        this.routes = routes;
        this.merged = merged;
        this.deadLetters = deadLetters;
    }

    /**
     * The results of a route.
     *
     * @throws IllegalArgumentException if there is no route of that name, or it is merged with others
     */
    public PCollection<Event> route(String name) {
        PCollection<Event> route = routes.get(name);
        checkArgument(route != null, "route must be one of %s, but was %s", routes.keySet(), name);
        return route;
    }

    /**
     * The results of the routes that are {@link RouteEvents#merging merged}: those of one event together, in the routes' order; the step
     * of a result's identity is its route's name.
     *
     * @throws IllegalStateException if no route is merged
     */
    public PCollection<List<Event>> merged() {
        checkState(merged != null, "merged must be asked for where routes are merged, but none is");
        return merged;
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
        if (merged != null) {
            outputs.put(RouteEvents.MERGED, merged);
        }
        outputs.put(RouteEvents.DEAD_LETTERS, deadLetters);
        return outputs;
    }

    @Override
    public void finishSpecifyingOutput(String transformName, PInput input, PTransform<?, ?> transform) {}
}
