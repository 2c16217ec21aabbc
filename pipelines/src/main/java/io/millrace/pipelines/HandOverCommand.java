package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.runnerprofiles.UserJars;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Moves the routes of a spec that run as jobs of their own into one job, or the other way. */
@Command(
        name = "hand-over",
        description = {
            "Moves a router that runs on a cluster between isolated jobs and a shared one, so that each event is delivered by one side or"
                    + " the other. The spec says already how it is to be: isolation: shared, or isolated.",
            "",
            "It stops the jobs of the other kind, each with a savepoint, reads in these how far they had come, and starts the jobs of"
                    + " the spec from there. A shared job begins where the slowest of the isolated ones was, and leaves out for each"
                    + " route what that has had already. Isolated jobs begin where the shared one was; where events of a route were"
                    + " still parked then, at the first of these.",
            "",
            "Nothing is stopped where it could not go on: a route whose sink keeps state (files, s3), or dead letters in such a sink,"
                    + " cannot be moved, since lines that wait there lie before those offsets; nor can one whose events are"
                    + " parked since its sink is away. Should the command break off in the middle, the same command goes on with"
                    + " what was stopped, for as long as the cluster remembers that: an hour by default.",
            "",
            "Beam's own options pass through: --parallelism=4, --checkpointingInterval=30000, ...",
        },
        footerHeading = "%nExamples:%n",
        footer = "  router hand-over --spec=play-events.yaml --flinkMaster=localhost:8081")
final class HandOverCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final SpecOptions options = new SpecOptions();

    @Unmatched
    private final List<String> beamOptions = new ArrayList<>();

    HandOverCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<RouterSpec> spec = options.read(RunnerProfile.FLINK, problems);
        Optional<FlinkCluster> cluster = options.cluster(RunnerProfile.FLINK, problems);
        Optional<UserJars> jars = options.jars(problems);
        if (!options.hasFlinkMaster()) {
            problems.add("--flinkMaster", "is required: the host:port of the cluster's REST interface");
        }
        ClusterJar.ofThisProcess().problem().ifPresent(problem -> problems.add("--runner=flink", problem));
        problems.checkBeamOptions(beamOptions);
        spec.ifPresent(one -> check(one, problems));
        problems.throwIfAny();
        ClusterJobs jobs = new ClusterJobs(terminal, cluster.orElseThrow(), jars.orElseThrow(), beamOptions);
        return new HandOver(terminal, cluster.orElseThrow(), jobs).of(spec.orElseThrow());
    }

    private static void check(RouterSpec spec, Problems problems) {
        if (spec.isShared()) {
            new ScriptVersionOption()
                    .checkThereIsOne(
                            spec, spec.routes(), "since all routes that share the job would wait for it", problems);
        }
        RouterJob all = RouterJob.anew(spec, spec.routes(), Lineages.anew());
        if (all.sources().stream().anyMatch(source -> source.kafka() == null)) {
            problems.add("source", "must be of Kafka, since how far files have been read is not handed over");
        }
        all.topicReadTwice()
                .ifPresent(topic -> problems.add(
                        "sources",
                        "must not have two topics of one name, whose offsets are not told apart, but have " + topic));
    }
}
