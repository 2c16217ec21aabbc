package io.millrace.pipelines.router;

import static java.util.stream.Collectors.joining;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import io.millrace.devinterface.spec.ParkingSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.kafka.KafkaParking;
import io.millrace.runnerprofiles.SavedSteps;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.util.ReleaseInfo;
import org.jspecify.annotations.Nullable;

/** What a job says of itself: a runner shows the options of its jobs, so that one can tell what runs there. */
public interface JobOptions extends PipelineOptions {
    /** The name under which {@link #getMillracePipeline()} is shown. */
    String PIPELINE = "millracePipeline";

    /** The name under which {@link #getMillraceSource()} is shown. */
    String SOURCE = "millraceSource";

    /** The name under which {@link #getMillraceRoutes()} is shown. */
    String ROUTES = "millraceRoutes";

    /** The name under which {@link #getMillraceSteps()} is shown. */
    String STEPS = "millraceSteps";

    /** The name under which {@link #getMillraceJoins()} is shown. */
    String JOINS = "millraceJoins";

    /** The name under which {@link #getMillraceViews()} is shown. */
    String VIEWS = "millraceViews";

    /** The name under which {@link #getMillraceHandedOver()} is shown. */
    String HANDED_OVER = "millraceHandedOver";

    /** The name under which {@link #getMillraceParking()} is shown. */
    String PARKING = "millraceParking";

    /** The name under which {@link #getMillraceSpecVersion()} is shown. */
    String SPEC_VERSION = "millraceSpecVersion";

    /** The name under which {@link #getMillraceScriptVersion()} is shown. */
    String SCRIPT_VERSION = "millraceScriptVersion";

    /** The name under which {@link #getMillraceEpoch()} is shown. */
    String EPOCH = "millraceEpoch";

    /** The name under which {@link #getMillraceStartedWith()} is shown. */
    String STARTED_WITH = "millraceStartedWith";

    /** The name under which {@link #getMillraceBeamVersion()} is shown. */
    String BEAM_VERSION = "millraceBeamVersion";

    /** The name under which {@link #getMillraceCode()} is shown. */
    String CODE = "millraceCode";

    /** Sets what a job says. */
    static void say(RouterJob job, SavedSteps steps, PipelineOptions options) {
        JobOptions said = options.as(JobOptions.class);
        said.setMillracePipeline(job.spec().name());
        said.setMillraceSource(job.source());
        said.setMillraceSpecVersion(job.spec().specVersion());
        said.setMillraceScriptVersion(job.scriptVersion());
        said.setMillraceEpoch(job.run().epoch());
        said.setMillraceBeamVersion(ReleaseInfo.getReleaseInfo().getVersion());
        said.setMillraceCode(CodeVersion.ofThisProcess());
        said.setMillraceRoutes(text(job.routes()));
        said.setMillraceSteps(steps.text());
        said.setMillraceJoins(textOfJoins(job.spec()));
        said.setMillraceViews(textOfViews(job.spec()));
        said.setMillraceHandedOver(job.handedOver().json());
        ParkingSpec parking = job.spec().parking();
        said.setMillraceParking(parking == null ? "" : ParkingText.of(parking.kafka()));
    }

    /** Sets with what a job on a cluster was started. */
    static void say(StartedWith start, PipelineOptions options) {
        options.as(JobOptions.class).setMillraceStartedWith(start.text());
    }

    /** What identifies the code of a job; nothing of one that does not say it. */
    static Optional<String> code(Map<String, String> shown) {
        return Optional.ofNullable(shown.get(CODE)).filter(code -> !code.isEmpty());
    }

    /** Routes with the kinds of their sinks. */
    static String text(List<RouteSpec> routes) {
        return routes.stream()
                .map(route -> route.name() + "=" + route.sink().name())
                .collect(joining(","));
    }

    /** The kinds of the sinks of a job's routes, by the routes' names and in their order; none of a job that does not say it. */
    static Map<String, String> routes(Map<String, String> shown) {
        return pairs(shown.getOrDefault(ROUTES, ""));
    }

    /** Joins with what identifies the form of their state. */
    static String textOfJoins(RouterSpec spec) {
        return spec.namedJoins().entrySet().stream()
                .map(join -> join.getKey() + "=" + join.getValue().stateVersion())
                .collect(joining(","));
    }

    /** What identifies the form of the state of a job's joins, by their names; none of a job that does not say it. */
    static Map<String, String> joins(Map<String, String> shown) {
        return pairs(shown.getOrDefault(JOINS, ""));
    }

    /** The parts of views, {@code view/part}, with what identifies how their keys, items and versions are made. */
    static String textOfViews(RouterSpec spec) {
        return spec.namedViews().entrySet().stream()
                .flatMap(view -> view.getValue().stateVersions().entrySet().stream()
                        .map(part -> view.getKey() + "/" + part.getKey() + "=" + part.getValue()))
                .collect(joining(","));
    }

    /** What identifies how the parts of a job's views are made, by {@code view/part}; none of a job that does not say it. */
    static Map<String, String> views(Map<String, String> shown) {
        return pairs(shown.getOrDefault(VIEWS, ""));
    }

    private static Map<String, String> pairs(String text) {
        return ImmutableMap.copyOf(
                Splitter.on(',').omitEmptyStrings().withKeyValueSeparator('=').split(text));
    }

    /** The steps of a job that are in its savepoints; none of a job that does not say it. */
    static SavedSteps steps(Map<String, String> shown) {
        return SavedSteps.parse(shown.getOrDefault(STEPS, ""));
    }

    /** What a job's routes have had already of what it reads. */
    static HandedOver handedOver(Map<String, String> shown) {
        return HandedOver.parse(shown.getOrDefault(HANDED_OVER, "{}"));
    }

    /** The epoch of a job; 0 of one that does not say it. */
    static long epoch(Map<String, String> shown) {
        return Long.parseLong(shown.getOrDefault(EPOCH, "0"));
    }

    /** With what a job was started; nothing of one that does not say it. */
    static Optional<StartedWith> startedWith(Map<String, String> shown) {
        return StartedWith.parse(shown.getOrDefault(STARTED_WITH, ""));
    }

    /** Where events of a job's routes wait. */
    static Optional<KafkaParking> parking(Map<String, String> shown) {
        return Optional.of(shown.getOrDefault(PARKING, ""))
                .filter(text -> !text.isEmpty())
                .map(ParkingText::parse);
    }

    @Description("The name of the pipeline whose job this is.")
    @Nullable String getMillracePipeline();

    void setMillracePipeline(@Nullable String name);

    @Description("What identifies the source that the job reads.")
    @Nullable String getMillraceSource();

    void setMillraceSource(@Nullable String version);

    @Description("The version of the job's spec.")
    @Nullable String getMillraceSpecVersion();

    void setMillraceSpecVersion(@Nullable String version);

    @Description(
            "The version of the scripts of the job's routes, of those that have versions; empty for those in force at the time of an event.")
    @Nullable String getMillraceScriptVersion();

    void setMillraceScriptVersion(@Nullable String version);

    @Description("The epoch of the job: 0 until it is first rewound.")
    @Nullable Long getMillraceEpoch();

    void setMillraceEpoch(@Nullable Long epoch);

    @Description(
            "The spec and Beam's options with which the job was started on a cluster; empty where there may be secrets in them.")
    @Nullable String getMillraceStartedWith();

    void setMillraceStartedWith(@Nullable String start);

    @Description("The version of Beam with which the job was built.")
    @Nullable String getMillraceBeamVersion();

    void setMillraceBeamVersion(@Nullable String version);

    @Description("What identifies the code of Millrace that the job runs, and the coders of its state.")
    @Nullable String getMillraceCode();

    void setMillraceCode(@Nullable String version);

    @Description("The job's routes, each with the kind of its sink.")
    @Nullable String getMillraceRoutes();

    void setMillraceRoutes(@Nullable String routes);

    @Description("The steps of the job that are in its savepoints, one a line.")
    @Nullable String getMillraceSteps();

    void setMillraceSteps(@Nullable String steps);

    @Description("The job's joins, each with what identifies the form of its state.")
    @Nullable String getMillraceJoins();

    void setMillraceJoins(@Nullable String joins);

    @Description("The parts of the job's views, each with what identifies how its keys, items and versions are made.")
    @Nullable String getMillraceViews();

    void setMillraceViews(@Nullable String views);

    @Description("What the routes have had already of what the job reads, by route, topic and partition.")
    @Nullable String getMillraceHandedOver();

    void setMillraceHandedOver(@Nullable String offsets);

    @Description("Where the events of routes wait whose sinks do not keep up.")
    @Nullable String getMillraceParking();

    void setMillraceParking(@Nullable String parking);
}
