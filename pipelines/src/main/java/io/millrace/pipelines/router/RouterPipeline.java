package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.source.EventsRead;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.router.Route;
import io.millrace.transforms.router.RouteEvents;
import io.millrace.transforms.router.Routed;
import java.util.List;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PDone;

/**
 * Reads the source of a spec, and writes to each route's sink what that route takes, and to the spec's sink of dead letters what
 * could not be processed.
 *
 * <p><i>Shape</i>: a whole pipeline. Step names come from the routes' names, so a route that is added leaves the state of the
 * others alone.
 *
 * <p><i>Time</i>: the source's; sinks may group by it.
 *
 * <p><i>Guarantee</i>: for each route, every event read is delivered, filtered or a dead letter, and counted as such. An event
 * whose time cannot be used is a dead letter of every route.
 *
 * <p><i>Fails</i>: a dead letter that its own sink refuses fails the job, since there is no further place to keep it.
 */
public final class RouterPipeline extends PTransform<PBegin, PDone> {
    private static final long serialVersionUID = 1;

    private final transient RouterSpec spec;
    private final Run run;

    private RouterPipeline(RouterSpec spec, Run run) {
        this.spec = spec;
        this.run = run;
    }

    /** The pipeline of a spec, with all its routes. */
    public static RouterPipeline of(RouterSpec spec, Run run) {
        return new RouterPipeline(spec, run);
    }

    @Override
    public PDone expand(PBegin begin) {
        EventsRead read = begin.apply("source", Sources.of(spec.source()));
        Routed routed = read.events().apply("routes", RouteEvents.to(routes()).withPipeline(spec.name()));
        PCollectionList<DeadLetter> deadLetters =
                PCollectionList.of(routed.deadLetters()).and(write(routed)).and(unread(read));
        deadLetters
                .apply("all-dead-letters", Flatten.pCollections())
                .apply("dead-letters", WriteDeadLetters.to(spec.deadLetters(), run, spec.routeNames()));
        return PDone.in(begin.getPipeline());
    }

    private List<PCollection<DeadLetter>> write(Routed routed) {
        return spec.routes().stream().map(route -> write(route, routed)).toList();
    }

    private PCollection<DeadLetter> write(RouteSpec route, Routed routed) {
        return routed.route(route.name())
                .apply(
                        "to-" + route.name(),
                        route.sink().write(new SinkContext(run, route.name(), route.key() != null)))
                .apply("refused-by-" + route.name(), Window.into(new GlobalWindows()));
    }

    private PCollection<DeadLetter> unread(EventsRead read) {
        return read.deadLetters().apply("unread", ParDo.of(new CountUnreadFn(spec.name(), spec.routeNames())));
    }

    private List<Route> routes() {
        return spec.routes().stream().map(RouterPipeline::route).toList();
    }

    private static Route route(RouteSpec spec) {
        return Route.named(spec.name())
                .withFilter(spec.filter())
                .withProjection(spec.projection())
                .withKey(spec.key())
                .withOnError(spec.onError());
    }
}
