package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.Leftovers;
import io.millrace.runnerprofiles.JobShape;
import io.millrace.runnerprofiles.SavedSteps;
import io.millrace.transforms.event.Run;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * A job with a position, checkpoints and restarts of its own: of one isolated route, or of all the routes that share it.
 *
 * @param spec the whole spec
 * @param routes the routes of the job
 * @param run which run it is, of which lineage and epoch
 * @param offsets where reads of Kafka before it had come to, {@link KafkaEvents#offsets}
 * @param handedOver what its routes have had already of what it reads
 * @param source what identifies what it reads: the spec's, unless it goes on with another out of its state
 * @param scriptVersion the version of scripts that have versions, whatever the time of an event; empty for those in force then
 */
public record RouterJob(
        RouterSpec spec,
        List<RouteSpec> routes,
        Run run,
        String offsets,
        HandedOver handedOver,
        String source,
        String scriptVersion)
        implements Job {

    /** The shape to check options against where there is no spec to take it from. */
    public static final JobShape SHAPE_OF_ANY = new JobShape("any", true, false);

    public RouterJob {
        routes = List.copyOf(routes);
    }

    /** One that goes on from nothing. */
    public static RouterJob anew(RouterSpec spec, List<RouteSpec> routes, String lineage) {
        return new RouterJob(
                spec,
                routes,
                new Run(spec.name(), spec.specVersion(), lineage, 0),
                Reads.NO_OFFSETS,
                HandedOver.NOTHING,
                spec.withRoutes(routes).sourceVersion(),
                "");
    }

    /** The same with one version of its routes' scripts that have versions, for every event. */
    public RouterJob withScriptVersion(String version) {
        return new RouterJob(spec, routes, run, offsets, handedOver, source, version);
    }

    /** The same, in another epoch. */
    public RouterJob inEpoch(long epoch) {
        return new RouterJob(spec, routes, run.withEpoch(epoch), offsets, handedOver, source, scriptVersion);
    }

    /** The same, whose reads go on where those before it had come to. */
    public RouterJob goingOnAt(String offsets) {
        return new RouterJob(spec, routes, run, offsets, handedOver, source, scriptVersion);
    }

    /** The same, whose routes have had some of what it reads already. */
    public RouterJob handingOver(HandedOver handedOver) {
        return new RouterJob(spec, routes, run, offsets, handedOver.of(spec.routeNames()), source, scriptVersion);
    }

    /** The same, going on with a source out of its state. */
    public RouterJob reading(String source) {
        return new RouterJob(spec, routes, run, offsets, handedOver, source, scriptVersion);
    }

    /** The name is {@code <pipeline>--<route>}, or {@code <pipeline>} where routes share the job. */
    @Override
    public String name() {
        return spec.isShared()
                ? spec.name()
                : spec.name() + "--" + routes.get(0).name();
    }

    /** What becomes of what a route has written when the job is taken back, as a person reads it. */
    public String whenRewound(RouteSpec route) {
        if (route.isArchive()) {
            return "what was written since stays, and what is read again is written beside it; who reads the archive has each record once";
        }
        String written =
                route.sink().whenRewound(Outputs.context(run, spec, route).keyed());
        return storedView(route).map(view -> whenRewound(view, written)).orElse(written);
    }

    private static String whenRewound(ViewSpec view, String written) {
        if (view.control() == null) {
            return written + ": with control the view's job could be asked what it should be";
        }
        return view.publish() == null
                ? "values are written again under their keys; when all is read again, each key that was changed since is made what the view has, or deleted if it has none and nobody else can have stored it"
                : "values are written again under their keys; when all is read again, keys that were changed since are written that are missing or older than what the view has; what differs otherwise stays, and is said";
    }

    private Optional<ViewSpec> storedView(RouteSpec route) {
        return route.sink().viewStore().isEmpty()
                ? Optional.empty()
                : views().entrySet().stream()
                        .filter(view -> route.reads(view.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst();
    }

    /** The routes whose results can be wrong; an archive has what was read. */
    public List<RouteSpec> routesWithResults() {
        return routes.stream().filter(route -> !route.isArchive()).toList();
    }

    /** From now on this process reaches the file systems that it reads and writes. */
    public void reachFileSystems() {
        FileSystems.setDefaultPipelineOptions(Pipelines.withSettings(spec, PipelineOptionsFactory.create()));
    }

    /** What lower epochs have left in the sink of a route, as this process reaches it; nothing where that cannot be told. */
    public Optional<Leftovers> leftovers(RouteSpec route) {
        reachFileSystems();
        return route.sink().leftovers(Outputs.context(run, spec, route));
    }

    /** What it reads. */
    public Collection<SourceSpec> sources() {
        return spec.withRoutes(routes).namedSources().values();
    }

    /** What a restatement has written to a shadow of the sink of a route, as this process reaches it; nothing where that cannot be compared. */
    public Optional<Corrections> corrections(RouteSpec route, String shadow) {
        reachFileSystems();
        return route.sink().corrections(shadow, Outputs.context(run, spec, route));
    }

    /** Why there is no such. */
    public String whyNotRestated(RouteSpec route) {
        return spec.readsViews(route)
                ? "a view is what its keys are up to where the job is now"
                : route.sink().whyNotRestated(Outputs.context(run, spec, route).keyed());
    }

    /** How long, in event time, it holds what it has read until all that comes of it is written. */
    public Duration holds() {
        Duration joins = spec.withRoutes(routes).namedJoins().values().stream()
                .map(RouterJob::holds)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        Duration sinks = routes.stream()
                .map(route -> route.sink().holds())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return joins.plus(sinks);
    }

    private static Duration holds(JoinSpec join) {
        Duration counted = join.rates() == null ? Duration.ZERO : join.rates().window();
        return join.leftFirst().plus(join.allowedLateness()).plus(counted);
    }

    /** The streams of its sources of Kafka, as an {@link io.millrace.transforms.event.Origin} names them, each with its topic. Brokers are asked. */
    public Map<String, String> streams() {
        Map<String, String> streams = new HashMap<>();
        sources().stream()
                .flatMap(source -> Stream.ofNullable(source.kafka()))
                .forEach(kafka -> streams.putAll(KafkaEvents.streams(kafka)));
        return streams;
    }

    /** The name of a topic that several of its sources have, if there is one. */
    public Optional<String> topicReadTwice() {
        Set<String> topics = new HashSet<>();
        return sources().stream()
                .flatMap(one -> Optional.ofNullable(one.kafka()).stream())
                .flatMap(kafka -> kafka.topics().stream())
                .filter(topic -> !topics.add(topic))
                .findFirst();
    }

    @Override
    public JobShape shape() {
        boolean stream = sources().stream().anyMatch(one -> one.kafka() != null)
                || routes.stream().anyMatch(RouterJob::readsChangelogs);
        JobShape shape = new JobShape(name(), stream, spec.withRoutes(routes).ends());
        if (routes.stream().anyMatch(RouteSpec::asks)) {
            return shape.asking();
        }
        return routes.stream().anyMatch(RouteSpec::holds) ? shape.holding() : shape;
    }

    private static boolean readsChangelogs(RouteSpec route) {
        return route.lookups().stream().anyMatch(lookup -> lookup.changelog() != null);
    }

    @Override
    public Pipeline pipeline(PipelineOptions options) {
        Pipeline pipeline = pipeline(options, reads(false));
        JobOptions.say(this, SavedSteps.of(pipeline), options);
        return pipeline;
    }

    Reads reads(boolean asksNobody) {
        return new Reads(offsets, handedOver, asksNobody, Scripts.LIVE, scriptVersion);
    }

    /** The views that its routes read, by name. */
    public Map<String, ViewSpec> views() {
        return spec.withRoutes(routes).namedViews();
    }

    /** The spec of its own routes. */
    public RouterSpec ownSpec() {
        return spec.isShared() ? spec : isolated();
    }

    private Pipeline pipeline(PipelineOptions options, Reads reads) {
        Pipeline pipeline = Pipelines.create(spec, options);
        pipeline.apply(spec.name(), RouterPipeline.of(ownSpec(), run).reading(reads));
        return pipeline;
    }

    /** Its steps that are in savepoints; no broker is asked. */
    public SavedSteps steps() {
        return SavedSteps.of(pipeline(PipelineOptionsFactory.create(), reads(true)));
    }

    /** The spec of its route alone, committing offsets for a consumer group of its own. */
    private RouterSpec isolated() {
        return spec.withRoutes(routes).mappingSources(this::isolated);
    }

    private SourceSpec isolated(SourceSpec source) {
        KafkaSource kafka = source.kafka();
        return kafka == null
                ? source
                : source.withKafka(
                        kafka.withGroupId(kafka.groupId() + "-" + routes.get(0).name()));
    }
}
