package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.bulkhead.WriteRoutes;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Run;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Reads the sources of a spec, and writes to each route's sink what that route takes, as its projection and then its script make it, and
 * to the spec's sink of dead letters what could not be processed.
 *
 * <p><i>Shape</i>: a whole pipeline. Step names come from the routes' names, so a route that is added leaves the state of the
 * others alone. Routes that share a job are written by one step, without waiting for each other, {@link WriteRoutes}; but for those
 * whose sink keeps state in the pipeline, which is where their events wait too.
 *
 * <p><i>Time</i>: the sources'; sinks may group by it.
 *
 * <p><i>Guarantee</i>: for each route, every event read is delivered, filtered or a dead letter, and counted as such; of several
 * results that a script makes of it, each. An event
 * whose time cannot be used is a dead letter of every route that reads its source.
 *
 * <p><i>Fails</i>: a dead letter that its own sink refuses fails the job, since there is no further place to keep it.
 */
public final class RouterPipeline extends PTransform<PBegin, PDone> {
    private static final long serialVersionUID = 1;

    private final transient RouterSpec spec;
    private final Run run;
    private final transient Reads reads;

    private RouterPipeline(RouterSpec spec, Run run, Reads reads) {
        this.spec = spec;
        this.run = run;
        this.reads = reads;
    }

    /** The pipeline of a spec, with all its routes. */
    public static RouterPipeline of(RouterSpec spec, Run run) {
        return new RouterPipeline(spec, run, Reads.ANEW);
    }

    /** The same, whose sources are read otherwise. */
    RouterPipeline reading(Reads reads) {
        return new RouterPipeline(spec, run, reads);
    }

    @Override
    public PDone expand(PBegin begin) {
        Outputs outputs = new Outputs(spec, run);
        List<RouteSpec> together =
                spec.routes().stream().filter(outputs::isWrittenWithOthers).toList();
        RoutedSources sources = RoutedSources.of(outputs, together, begin, reads);
        List<PCollection<DeadLetter>> deadLetters = new ArrayList<>(sources.deadLetters());
        if (!together.isEmpty()) {
            deadLetters.add(outputs.writeTogether(together, sources.together()));
        }
        spec.routes().stream()
                .filter(route -> !together.contains(route))
                .forEach(route -> deadLetters.add(outputs.write(route, sources.results(route))));
        outputs.writeDeadLetters(deadLetters);
        return PDone.in(begin.getPipeline());
    }
}
