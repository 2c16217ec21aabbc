package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.UserJars;
import io.millrace.transforms.event.SystemClock;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What commands are told that take a job back: which job, where to, and as what it goes on. */
final class RewindOptions {
    /** How far this machine's clock may be behind that of the cluster. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TIME",
            description =
                    "The moment before which all was well, such as 2026-01-31T09:40:00Z. The job goes back to the newest complete"
                            + " point that was begun before it.")
    @SuppressWarnings("NullAway.Init")
    private String to;

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            description = "The spec with which the job goes on. Default: the one that it has.")
    private @Nullable Path spec;

    @Option(
            names = "--source",
            paramLabel = "WHICH",
            defaultValue = "state",
            description =
                    "What the job reads from the point on: state, the source that it had (the default); or offsets, the source of the"
                            + " spec, which must be given where that has changed or its topics have gained partitions.")
    @SuppressWarnings("NullAway.Init")
    private String source;

    @Mixin
    private final RewoundJobOptions job = new RewoundJobOptions();

    /** Reads them, and gives the job, its choice, and with what it goes on. */
    Chosen read(Terminal terminal, List<String> beamOptions) {
        Problems problems = new Problems();
        Optional<Rewinds> rewinds = job.read(terminal, problems);
        Optional<Instant> moment = moment("--to", to, problems);
        Optional<Reading> reading = reading(problems);
        Optional<RouterSpec> read = spec(spec, rewinds, problems);
        problems.checkBeamOptions(beamOptions);
        problems.throwIfAny();
        return new Chosen(
                rewinds.orElseThrow(), moment.orElseThrow(), read, reading.orElseThrow(), List.copyOf(beamOptions));
    }

    /** What was chosen by who types. */
    record Chosen(Rewinds rewinds, Instant to, Optional<RouterSpec> spec, Reading reading, List<String> beamOptions) {}

    /** The time that was given. */
    static Optional<Instant> moment(String option, String given, Problems problems) {
        try {
            Instant moment = OffsetDateTime.parse(given).toInstant();
            Instant now = SystemClock.utc().instant();
            if (moment.isAfter(now.plus(CLOCKS_APART))) {
                problems.add(option, "must not be in the future, but was " + given + ", and it is " + now);
                return Optional.empty();
            }
            return Optional.of(moment);
        } catch (DateTimeException e) {
            problems.add(option, "must be a time such as 2026-01-31T09:40:00Z, but was " + given);
            return Optional.empty();
        }
    }

    /** The spec that was given, if one was. */
    static Optional<RouterSpec> spec(@Nullable Path file, Optional<Rewinds> rewinds, Problems problems) {
        return file == null
                ? Optional.empty()
                : problems.noting(
                        () -> SpecReader.read(file, rewinds.map(Rewinds::target).orElse(Target.REMOTE)));
    }

    private Optional<Reading> reading(Problems problems) {
        Optional<Reading> reading = Reading.named(source).filter(one -> one != Reading.START);
        if (reading.isEmpty()) {
            problems.add("--source", "must be state or offsets, but was " + source);
        }
        return reading;
    }

    /** Which job, and where all of it is. */
    static final class RewoundJobOptions {
        @Option(
                names = "--job",
                required = true,
                paramLabel = "NAME",
                description =
                        "The job's name on the cluster: that of the spec, or <spec>--<route> of an isolated route.")
        @SuppressWarnings("NullAway.Init")
        private String job;

        @Option(
                names = "--jars",
                split = ",",
                paramLabel = "JAR",
                description = "Jars with sinks of your own, joined by commas, as the job was started with.")
        private final List<Path> jars = new ArrayList<>();

        @Option(
                names = "--flinkMaster",
                required = true,
                paramLabel = "HOST:PORT",
                description =
                        "The REST interface of the cluster, in whose folder of checkpoints the job's catalog is. File systems other"
                                + " than this machine's need FLINK_PLUGINS_DIR and FLINK_CONF_DIR.")
        @SuppressWarnings("NullAway.Init")
        private String flinkMaster;

        @Mixin
        @SuppressWarnings("unused") // read by picocli
        private final HelpOption help = new HelpOption();

        /** Reads them, and loads the jars; nothing if there is a problem. */
        Optional<Rewinds> read(Terminal terminal, Problems problems) {
            Optional<FlinkCluster> cluster = problems.noting(() -> FlinkCluster.at(flinkMaster));
            Optional<UserJars> loaded = problems.noting(() -> UserJars.of(jars));
            loaded.ifPresent(UserJars::load);
            ClusterJar.ofThisProcess().problem().ifPresent(problem -> problems.add("--flinkMaster", problem));
            return cluster.isEmpty() || loaded.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Rewinds(terminal, cluster.get(), catalog(cluster.get()), job, loaded.get()));
        }

        private Catalog catalog(FlinkCluster cluster) {
            return Catalog.beside(cluster)
                    .map(catalogs -> Catalog.of(job, catalogs))
                    .orElseThrow(() -> new FlinkClusterException(
                            "the cluster's configuration has no state.checkpoints.dir, so its checkpoints do not outlive a job, and it"
                                    + " cannot be taken back"));
        }
    }
}
