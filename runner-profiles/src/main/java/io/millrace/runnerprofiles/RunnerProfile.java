package io.millrace.runnerprofiles;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A runner together with options that are safe for it, chosen by name.
 *
 * <p>Beam's own options pass through and win over a profile's defaults; those with which a run would lose data, or say nothing
 * of what it did, are refused, with what to do instead.
 */
public enum RunnerProfile {
    /** Beam's DirectRunner in this process: for trying out, and for finite input. */
    DIRECT("direct") {
        @Override
        ProfileOptions profileOptions(JobShape shape) {
            return DirectOptions.of();
        }

        @Override
        public Launcher launcher() {
            return new DirectLauncher();
        }
    },

    /** Flink in this process, with checkpoints and restarts: the semantics of production, on one machine. */
    FLINK_LOCAL("flink-local") {
        @Override
        ProfileOptions profileOptions(JobShape shape) {
            return FlinkOptions.inThisProcess(shape);
        }

        @Override
        public Launcher launcher() {
            return LocalFlink.start();
        }
    },

    /** A Flink cluster that takes the job by {@link FlinkCluster}: these are the options with which the job runs in there. */
    FLINK("flink") {
        @Override
        ProfileOptions profileOptions(JobShape shape) {
            return FlinkOptions.onCluster(shape);
        }

        @Override
        public Launcher launcher() {
            throw new IllegalStateException("a job for a cluster must be submitted with FlinkCluster");
        }
    };

    private final String text;

    RunnerProfile(String text) {
        this.text = text;
    }

    /** The profile's name, as {@code --runner} takes it. */
    public String text() {
        return text;
    }

    /**
     * The profile of a name.
     *
     * @throws OptionsRefused if there is none
     */
    public static RunnerProfile named(String name) {
        return Stream.of(values())
                .filter(profile -> profile.text.equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new OptionsRefused(List.of("--runner: must be one of " + names() + ", but was " + name)));
    }

    /** The names of the profiles, in one line. */
    public static String names() {
        return Stream.of(values()).map(RunnerProfile::text).collect(Collectors.joining(", "));
    }

    /**
     * The options for one job, out of the profile's defaults and the Beam options given, each {@code --name=value}.
     *
     * @throws OptionsRefused if an option is unknown, unreadable or unsafe with this profile: with every problem
     */
    public PipelineOptions options(JobShape shape, List<String> beamOptions) {
        return profileOptions(shape).with(shape, BeamArguments.parse(beamOptions));
    }

    abstract ProfileOptions profileOptions(JobShape shape);

    /** Whether the pipelines run in this process. */
    public boolean isInThisProcess() {
        return this != FLINK;
    }

    /**
     * Starts what runs this profile's pipelines in this process.
     *
     * @throws IllegalStateException if they do not run in this process
     */
    public abstract Launcher launcher();
}
