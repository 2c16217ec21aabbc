package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.Match;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.router.Route;
import io.millrace.transforms.router.RouteEvents;
import java.util.List;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/** The routes of a spec as a run has them, and the sinks of their results and of dead letters. */
record Outputs(RouterSpec spec, Run run) {

    /** The transform that gives each of some routes its results. */
    RouteEvents routes(List<RouteSpec> routes) {
        RouteEvents all =
                RouteEvents.to(routes.stream().map(Outputs::route).toList()).withPipeline(spec.name());
        return spec.match() == Match.FIRST ? all.matchingFirst() : all;
    }

    private static Route route(RouteSpec spec) {
        return Route.named(spec.name())
                .withFilter(spec.filter())
                .withProjection(spec.projection())
                .withKey(spec.key())
                .withOnError(spec.onError());
    }

    /** What a route's sink is told of it. */
    static SinkContext context(Run run, RouteSpec route) {
        return new SinkContext(run, route.name(), route.key() != null);
    }

    /**
     * What the sink of dead letters is told of them: those of routes that are jobs of their own are apart, and the name is never one of
     * a route.
     */
    static SinkContext deadLetters(Run run, RouterSpec spec) {
        String routes = spec.isShared() ? "of.all" : spec.routes().get(0).name();
        return new SinkContext(run, "dead-letters." + routes, false);
    }

    /** Writes a route's results to its sink, and gives as dead letters what that did not take. */
    PCollection<DeadLetter> write(RouteSpec route, PCollection<Event> results) {
        return results.apply("to-" + route.name(), route.sink().write(context(run, route)))
                .apply("refused-by-" + route.name(), Window.into(new GlobalWindows()));
    }

    /** Writes dead letters of all kinds to their sink. */
    void writeDeadLetters(List<PCollection<DeadLetter>> deadLetters) {
        PCollectionList.of(deadLetters)
                .apply("all-dead-letters", Flatten.pCollections())
                .apply("dead-letters", WriteDeadLetters.to(spec.deadLetters(), deadLetters(run, spec)));
    }
}
