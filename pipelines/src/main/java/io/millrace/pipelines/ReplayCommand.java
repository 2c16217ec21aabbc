package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.pipelines.router.Job;
import io.millrace.pipelines.router.Pipelines;
import io.millrace.pipelines.router.ReplayJob;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.StoredDeadLetters;
import io.millrace.runnerprofiles.RunnerProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Runs dead letters through the routes they came from again. */
@Command(
        name = "replay",
        description = {
            "Runs dead letters through the routes that gave them up, as the spec has these routes now: repair the spec, or what"
                    + " the sink did not take, and replay.",
            "",
            "What a route's filter, projection or key gave up goes through the whole route again; what its script gave up goes"
                    + " through the script again; a result that the sink gave up goes to the sink again. Results have the identity that they would have had, so replaying twice shows"
                    + " them once. What fails again is a dead letter again.",
            "",
            "A script that has versions is that of each event's time, as everybody knows it by now, or for all events the one of"
                    + " --script-version. No version is withdrawn for what fails again.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  replay --spec=play-events.yaml --deadLetters=out/dead-letters",
            "  replay --spec=play-events.yaml --deadLetters=s3://lake/dead-letters --route=long-plays",
            "  replay --spec=play-events.yaml --deadLetters=out/dead-letters --script-version=20260131T120000Z-1a2b3c4d",
        })
final class ReplayCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final SpecOptions options = new SpecOptions();

    @Option(
            names = "--deadLetters",
            required = true,
            paramLabel = "PATH",
            description = "Where they are: a folder, a glob or a file of JSON Lines, .gz too, here or in S3.")
    @SuppressWarnings("NullAway.Init")
    private String deadLetters;

    @Option(names = "--route", paramLabel = "NAME", description = "Replay this route's alone.")
    private @Nullable String route;

    @Option(names = "--summary", paramLabel = "FILE", description = "Write what the replay did as JSON.")
    private @Nullable Path summary;

    @Option(
            names = "--epoch",
            defaultValue = "0",
            paramLabel = "NUMBER",
            description =
                    "The epoch of the job of the routes, where it was rewound or restated: rewind list and restate publish say it. What is older loses to what"
                            + " the job has written. Default: the highest of the dead letters.")
    private long epoch;

    @Mixin
    private final ScriptVersionOption scriptVersion = new ScriptVersionOption();

    @Unmatched
    private final List<String> beamOptions = new ArrayList<>();

    ReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        RunnerProfile profile = options.profile(problems).orElse(RunnerProfile.DIRECT);
        if (!profile.isInThisProcess()) {
            problems.add("--runner", "must be direct or flink-local: a replay runs in this process, to its end");
        }
        Optional<RouterSpec> spec = options.read(RunnerProfile.DIRECT, problems);
        List<RouteSpec> routes =
                spec.map(read -> RouteChoice.of(read, route, problems)).orElse(List.of());
        spec.ifPresent(read -> scriptVersion.check(read, routes, problems));
        Optional<PipelineOptions> reading =
                problems.noting(() -> RunnerProfile.DIRECT.options(RouterJob.SHAPE_OF_ANY, List.of()));
        problems.noting(() -> profile.options(RouterJob.SHAPE_OF_ANY, beamOptions));
        Optional.ofNullable(summary).flatMap(Summary::problem).ifPresent(problem -> problems.add("--summary", problem));
        if (epoch < 0) {
            problems.add("--epoch", "must be at least 0, but was " + epoch);
        }
        problems.throwIfAny();
        return replay(spec.orElseThrow(), routes, reading.orElseThrow(), profile);
    }

    private int replay(RouterSpec spec, List<RouteSpec> routes, PipelineOptions reading, RunnerProfile profile)
            throws IOException {
        Map<String, StoredDeadLetters.OfRoute> stored =
                StoredDeadLetters.at(deadLetters).ofRoutes(Pipelines.withSettings(spec, reading));
        List<Job> jobs = new ArrayList<>();
        for (RouteSpec candidate : routes) {
            StoredDeadLetters.OfRoute ofRoute = stored.get(candidate.name());
            if (ofRoute != null) {
                jobs.add(new ReplayJob(
                        spec,
                        candidate,
                        deadLetters,
                        ofRoute.identity(),
                        Math.max(epoch, ofRoute.epoch()),
                        scriptVersion.orEmpty()));
            }
        }
        if (jobs.isEmpty()) {
            terminal.err()
                    .println("no dead letters of these routes in " + deadLetters + ": "
                            + routes.stream().map(RouteSpec::name).collect(Collectors.joining(", ")));
            return Commands.DONE;
        }
        return new LocalRuns(terminal, Optional.ofNullable(summary)).run(jobs, profile, beamOptions);
    }
}
