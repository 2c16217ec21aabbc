package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.Match;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.kafka.KafkaStop;
import io.millrace.io.sink.SinkContext;
import io.millrace.runnerprofiles.JobShape;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.ParDo;
import org.jspecify.annotations.Nullable;

/**
 * An audit of one route, whose sink can be audited.
 *
 * @param spec the whole spec
 * @param route the route
 * @param deadLetters where dead letters are; null for where the spec says
 * @param result the file in which the job leaves what it found
 * @param scriptVersion the version of a script that has versions, whatever the time of an event; empty for those in force then
 */
public record AuditJob(
        RouterSpec spec, RouteSpec route, @Nullable String deadLetters, Path result, String scriptVersion)
        implements Job {

    /** Why it is not known again what the sink of a route should hold, or what it does; nothing where it is. */
    public static Optional<String> obstacle(RouterSpec spec, RouteSpec route) {
        if (route.looksUp()) {
            return Optional.of("what its lookups answered is not known again");
        }
        if (spec.readsViews(route)) {
            return Optional.of(
                    "a view says what keys are, and not what was made of each event: view verify compares that");
        }
        if (spec.readsDerived(route)) {
            return Optional.of("which events were late for its join is not known again");
        }
        if (route.isArchive()) {
            return Optional.of("an archive says itself what it lacks: rewind plan shows that");
        }
        return route.sink().holdings(context(spec, route)).isPresent()
                ? Optional.empty()
                : Optional.of("what is written to the sink " + route.sink().name() + " cannot be read again");
    }

    /** Whether a route's dead letters can be read. */
    public boolean readsDeadLetters() {
        return deadLetterKeys().isPresent();
    }

    @Override
    public List<RouteSpec> routes() {
        return List.of(route);
    }

    @Override
    public String name() {
        return spec.name() + "--" + route.name() + "-audit";
    }

    /** No stream: it writes nothing, so after a failure it begins anew. */
    @Override
    public JobShape shape() {
        return new JobShape(name(), false, true);
    }

    @Override
    public Pipeline pipeline(PipelineOptions options) {
        Pipeline pipeline = Pipelines.create(spec, options);
        SinkContext context = context(spec, route);
        pipeline.apply(
                        spec.name(),
                        AuditPipeline.of(
                                scriptVersion,
                                deciding().mappingSources(AuditJob::bounded),
                                route,
                                context.run(),
                                route.sink().holdings(context).orElseThrow(),
                                deadLetterKeys()))
                .apply("result", ParDo.of(new WriteFiguresFn(result)));
        return pipeline;
    }

    /** The spec with what decides over the route's events: itself, and the filters of routes before it where these may keep them. */
    private RouterSpec deciding() {
        List<RouteSpec> deciding = new ArrayList<>();
        if (spec.match() == Match.FIRST) {
            spec.routes().subList(0, spec.routes().indexOf(route)).forEach(before -> deciding.add(before.deciding()));
        }
        deciding.add(route);
        return spec.withRoutes(deciding).readingForAlone(route);
    }

    /** What it found; of a job that is done. */
    public AuditFigures figures() throws IOException {
        return AuditFigures.parse(Files.readAllBytes(result));
    }

    private Optional<DeadLetterKeys> deadLetterKeys() {
        SinkContext context = Outputs.deadLetters(run(spec), spec.withRoutes(List.of(route)));
        return DeadLetterKeys.at(deadLetters, route.name(), spec.deadLetters(), context);
    }

    private static SinkContext context(RouterSpec spec, RouteSpec route) {
        return Outputs.context(run(spec), spec, route);
    }

    private static Run run(RouterSpec spec) {
        return new Run(spec.name(), spec.specVersion(), "audit", 0);
    }

    /** The same input, up to what is there now unless the spec says where it ends; nothing is committed for the job's group. */
    private static SourceSpec bounded(SourceSpec source) {
        KafkaSource kafka = source.kafka();
        if (kafka == null) {
            return source;
        }
        return source.withKafka(new KafkaSource(
                kafka.bootstrapServers(),
                kafka.topics(),
                null,
                kafka.start(),
                kafka.startOffsets(),
                kafka.stop().equals(KafkaStop.NEVER) ? KafkaStop.END : kafka.stop(),
                kafka.generation(),
                kafka.archive(),
                kafka.properties()));
    }
}
