package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.ViewControlSpec;
import io.millrace.io.kafka.RequestTopic;
import io.millrace.io.kafka.TopicRequests;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.runnerprofiles.UserJars;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Runs the routes of a spec: each as a job of its own, or all as one. */
abstract class RunCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final SpecOptions options = new SpecOptions();

    @Option(names = "--route", paramLabel = "NAME", description = "Run this isolated route alone.")
    private @Nullable String route;

    @Option(
            names = "--summary",
            paramLabel = "FILE",
            description =
                    "Write what the run did as JSON: in, delivered, filtered and deadLettered for each route, added where a script"
                            + " made several results of events, and lookups where the route has some: how many events each answered,"
                            + " and how many it found nothing for.")
    private @Nullable Path summary;

    @Option(
            names = "--upgrade",
            description =
                    "On a cluster: stop jobs that run with a savepoint, and let them go on from there as the spec is now. A"
                            + " job that does not run begins with its latest state, or afresh if it has none. A job whose route"
                            + " the spec no longer has is stopped; where routes share a job, the state of such a route is left out,"
                            + " and a route that is new begins where the job has come to.")
    private boolean upgrade;

    @Option(
            names = "--restore",
            defaultValue = Beginning.NOTHING,
            paramLabel = "STATE",
            description =
                    "On a cluster: what a job that does not run begins with: none (the default); latest, the newest"
                            + " savepoint or checkpoint of the job of that name; or the path of one, with --route where routes are"
                            + " isolated.")
    @SuppressWarnings("NullAway.Init")
    private String restore;

    @Option(
            names = "--source",
            paramLabel = "WHICH",
            description =
                    "On a cluster, with --upgrade or --restore: what a job that goes on from a state reads. offsets: the source as"
                            + " the spec is now, from the offsets that were reached, and from the beginning of partitions that"
                            + " its topics have gained; start: the source as the spec is now, from where the spec says; state:"
                            + " the source that the job has had. It must be given where the spec's source has changed.")
    private @Nullable String source;

    @Mixin
    private final ScriptVersionOption scriptVersion = new ScriptVersionOption();

    @Unmatched
    private final List<String> beamOptions = new ArrayList<>();

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Notes what the command needs of a spec beyond what makes it right. */
    abstract void check(RouterSpec spec, Problems problems);

    @Override
    public final Integer call() throws IOException {
        Problems problems = new Problems();
        RunnerProfile profile = options.profile(problems).orElse(RunnerProfile.DIRECT);
        List<RouterJob> jobs = jobs(profile, problems);
        Optional<FlinkCluster> cluster = options.cluster(profile, problems);
        Optional<UserJars> jars = options.jars(problems);
        Beginning beginning = new Beginning(upgrade, restore, reading(problems));
        checkCluster(profile, problems);
        checkBeginning(beginning, jobs, profile, problems);
        Optional.ofNullable(summary).flatMap(Summary::problem).ifPresent(problem -> problems.add("--summary", problem));
        problems.throwIfAny();
        makeTopics(jobs);
        return cluster.isPresent()
                ? new Submission(terminal, cluster.get(), jars.orElseThrow(), beginning, beamOptions)
                        .submit(jobs, route == null)
                : new LocalRuns(terminal, Optional.ofNullable(summary)).run(jobs, profile, beamOptions);
    }

    /** A job reads them from its first moment on. */
    private static void makeTopics(List<RouterJob> jobs) throws IOException {
        Set<RequestTopic> topics = jobs.stream()
                .flatMap(job -> job.spec().namedViews().values().stream())
                .flatMap(view -> Stream.ofNullable(view.control()))
                .map(ViewControlSpec::kafka)
                .collect(Collectors.toSet());
        for (RequestTopic topic : topics) {
            TopicRequests.make(topic);
        }
    }

    private List<RouterJob> jobs(RunnerProfile profile, Problems problems) {
        Optional<RouterSpec> spec = options.read(profile, problems);
        if (spec.isEmpty()) {
            problems.noting(() -> profile.options(RouterJob.SHAPE_OF_ANY, beamOptions));
            return List.of();
        }
        check(spec.get(), problems);
        List<RouterJob> jobs = withVersion(jobs(spec.get(), problems), problems);
        jobs.stream().limit(1).forEach(job -> problems.noting(() -> profile.options(job.shape(), beamOptions)));
        return jobs;
    }

    private List<RouterJob> jobs(RouterSpec spec, Problems problems) {
        if (!spec.isShared()) {
            return RouteChoice.of(spec, route, problems).stream()
                    .map(one -> RouterJob.anew(spec, List.of(one), Lineages.anew()))
                    .toList();
        }
        if (route != null) {
            problems.add("--route", "must not be given where routes share a job");
        }
        return List.of(RouterJob.anew(spec, spec.routes(), Lineages.anew()));
    }

    private List<RouterJob> withVersion(List<RouterJob> jobs, Problems problems) {
        List<RouteSpec> routes =
                jobs.stream().flatMap(job -> job.routes().stream()).toList();
        jobs.stream().limit(1).forEach(job -> checkVersions(job.spec(), routes, problems));
        return jobs.stream()
                .map(job -> job.withScriptVersion(scriptVersion.orEmpty()))
                .toList();
    }

    private void checkVersions(RouterSpec spec, List<RouteSpec> routes, Problems problems) {
        if (spec.isShared()) {
            scriptVersion.checkThereIsOne(
                    spec, routes, "since all routes that share the job would wait for it", problems);
        } else {
            scriptVersion.check(spec, routes, problems);
        }
    }

    private void checkCluster(RunnerProfile profile, Problems problems) {
        if (profile.isInThisProcess()) {
            return;
        }
        if (!options.hasFlinkMaster()) {
            problems.add(
                    "--flinkMaster", "is required with --runner=flink: the host:port of the cluster's REST interface");
        }
        if (summary != null) {
            problems.add(
                    "--summary",
                    "must not be given with --runner=flink: a job on a cluster goes on after this command");
        }
        ClusterJar.ofThisProcess().problem().ifPresent(problem -> problems.add("--runner=flink", problem));
    }

    private Optional<Reading> reading(Problems problems) {
        Optional<Reading> reading = Reading.named(source);
        if (source != null && reading.isEmpty()) {
            problems.add("--source", "must be one of state, offsets, start, but was " + source);
        }
        return reading;
    }

    private void checkBeginning(Beginning beginning, List<RouterJob> jobs, RunnerProfile profile, Problems problems) {
        boolean given = upgrade || !restore.equals(Beginning.NOTHING);
        if (given && profile.isInThisProcess()) {
            problems.add(upgrade ? "--upgrade" : "--restore", "must be given with --runner=flink alone");
        }
        if (source != null && !given) {
            problems.add("--source", "must be given with --upgrade or --restore alone");
        }
        if (beginning.reading().orElse(Reading.STATE) != Reading.STATE
                && jobs.stream().flatMap(job -> job.sources().stream()).anyMatch(read -> read.kafka() == null)) {
            problems.add("--source", "must be state where the spec reads files, but was " + source);
        }
        if (beginning.reading().equals(Optional.of(Reading.OFFSETS))) {
            jobs.stream()
                    .map(RouterJob::topicReadTwice)
                    .flatMap(Optional::stream)
                    .forEach(topic -> problems.add(
                            "--source",
                            "must be state or start where two sources have a topic of the same name, whose offsets a state does not tell"
                                    + " apart, such as " + topic + ", but was offsets"));
        }
        if (restore.isBlank()) {
            problems.add("--restore", "must be latest, none or a path, but was empty");
        }
        boolean isOneJob =
                route != null || jobs.stream().anyMatch(job -> job.spec().isShared());
        if (beginning.isPath() && (upgrade || !isOneJob)) {
            problems.add(
                    "--restore",
                    "must be latest or none, or without --upgrade the state of one job: with --route, where routes are isolated");
        }
    }
}
