package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.runnerprofiles.UserJars;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that reads a spec: which spec, and where it is to run. */
final class SpecOptions {
    @Mixin
    private final SpecFileOption spec = new SpecFileOption();

    @Option(
            names = "--runner",
            defaultValue = "direct",
            paramLabel = "NAME",
            description = "Where it runs: direct (the default) or flink-local, in this process; flink, on a cluster.")
    @SuppressWarnings("NullAway.Init")
    private String runner;

    @Option(
            names = "--flinkMaster",
            paramLabel = "HOST:PORT",
            description =
                    "For --runner=flink: the REST interface of the cluster, which is also the address of its web pages.")
    private @Nullable String flinkMaster;

    /** The spec's file; of a command that has read it. */
    Path file() {
        return spec.file();
    }

    /** The profile; nothing if there is none of that name, which is then a problem. */
    Optional<RunnerProfile> profile(Problems problems) {
        return problems.noting(() -> RunnerProfile.named(runner));
    }

    boolean hasFlinkMaster() {
        return flinkMaster != null;
    }

    /** The cluster; nothing if the job does not run on one, or if its address is a problem. */
    Optional<FlinkCluster> cluster(RunnerProfile profile, Problems problems) {
        if (profile.isInThisProcess()) {
            if (flinkMaster != null) {
                problems.add("--flinkMaster", "must be given with --runner=flink alone, but the runner was " + runner);
            }
            return Optional.empty();
        }
        return Optional.ofNullable(flinkMaster).flatMap(address -> problems.noting(() -> FlinkCluster.at(address)));
    }

    /** The user's jars; nothing if one of them is none, which is then a problem. */
    Optional<UserJars> jars(Problems problems) {
        return spec.jars(problems);
    }

    /** The spec, checked for where it is to run, with the user's jars loaded; nothing if there are problems. */
    Optional<RouterSpec> read(RunnerProfile profile, Problems problems) {
        return spec.read(target(profile, problems), problems);
    }

    private Target target(RunnerProfile profile, Problems problems) {
        if (profile.isInThisProcess()) {
            return Target.LOCAL;
        }
        boolean isHere =
                cluster(profile, problems).map(FlinkCluster::isOnThisMachine).orElse(false);
        return isHere ? Target.LOCAL_CLUSTER : Target.REMOTE;
    }
}
