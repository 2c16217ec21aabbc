package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.kafka.KafkaStart;
import io.millrace.pipelines.router.AuditFigures;
import io.millrace.pipelines.router.AuditJob;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.RunnerProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Compares what routes must have made of their input with what their sinks hold. */
@Command(
        name = "audit",
        description = {
            "Proves what a run did, whatever failed meanwhile: reads the input once more through the routes of the spec, and"
                    + " compares what comes of it with what the sinks and the dead letters hold. Writes nothing.",
            "",
            "For each route expected = held + superseded + deadLettered + missing:",
            "  expected      results that the route makes of events, and what its steps give up",
            "  held          results that a reader of the sink finds",
            "  superseded    results in whose place a newer one of their key came",
            "                (elasticsearch, with a key)",
            "  deadLettered  what stands among the dead letters, and not in the sink",
            "  missing       what is in neither",
            "and beside these",
            "  repeated      how often a reader of the sink finds a result another time",
            "  foreign       what is in the sink and is no result of the input",
            "  dropped       what a reader of Kafka drops by the headers, and what a rewound",
            "                job has written again or retracted: it does no harm",
            "",
            "How results are recognised:",
            "  kafka          by the header millrace-id, of several epochs the newest; what a",
            "                 consumer drops though it has seen none like it is missing",
            "  elasticsearch  by the document's id, and with a key by its version, which",
            "                 tells the newest result of the key",
            "  files, s3      by the line, in objects that have a manifest: equal lines are",
            "                 counted and not told apart, and a line that another projection",
            "                 made is foreign",
            "",
            "A script that has versions is that of each event's time, as everybody knows it by now. A result that a run made by the"
                    + " version known last, since it could not wait, says so in the header millrace-script-provisional: where its"
                    + " line or its number of results is another for that, it is missing, foreign or repeated. A run with"
                    + " --script-version is audited with the same.",
            "",
            "Audit a run that ended or has nothing more to read, with the spec that it had: what a job has yet to write is"
                    + " missing, and what was read before the source's start, or is gone from it, is foreign. Of much input,"
                    + " --runner=flink-local is the faster.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  audit --spec=play-events.yaml",
            "  audit --spec=play-events.yaml --route=long-plays --json=out/audit.json",
            "  audit --spec=play-events.yaml --deadLetters=s3://lake/dead-letters",
            "  audit --spec=play-events.yaml --runner=flink-local --parallelism=4",
            "  audit --spec=play-events.yaml --script-version=20260131T120000Z-1a2b3c4d",
            "",
            "Exit status: 0 nothing is missing, repeated or foreign; 1 something is, or could not be read; 2 wrong spec or options."
        })
final class AuditCommand implements Callable<Integer> {
    private static final String CHECKPOINTS = "--checkpointingInterval=";
    private static final String NO_CHECKPOINTS = CHECKPOINTS + "-1"; // an audit writes nothing, and begins anew

    private final Terminal terminal;

    @Mixin
    private final SpecOptions options = new SpecOptions();

    @Option(names = "--route", paramLabel = "NAME", description = "Audit this route alone.")
    private @Nullable String route;

    @Option(
            names = "--deadLetters",
            paramLabel = "PATH",
            description =
                    "Where dead letters are, if not in the spec's sink of them: a folder, a glob or a file of JSON Lines, .gz"
                            + " too, here or in S3.")
    private @Nullable String deadLetters;

    @Option(names = "--json", paramLabel = "FILE", description = "Write what the audit found as JSON.")
    private @Nullable Path json;

    @Mixin
    private final ScriptVersionOption scriptVersion = new ScriptVersionOption();

    @Unmatched
    private final List<String> beamOptions = new ArrayList<>();

    AuditCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        RunnerProfile profile = options.profile(problems).orElse(RunnerProfile.DIRECT);
        if (!profile.isInThisProcess()) {
            problems.add("--runner", "must be direct or flink-local: an audit runs in this process, to its end");
        }
        Optional<RouterSpec> spec = options.read(RunnerProfile.DIRECT, problems);
        spec.ifPresent(read -> checkStart(read, problems));
        List<RouteSpec> routes =
                spec.map(read -> RouteChoice.of(read, route, problems)).orElse(List.of());
        spec.ifPresent(
                read -> scriptVersion.checkThereIsOne(read, routes, "since an audit has no other to go by", problems));
        problems.noting(() -> profile.options(RouterJob.SHAPE_OF_ANY, beamOptions));
        Optional.ofNullable(json).flatMap(Summary::problem).ifPresent(problem -> problems.add("--json", problem));
        problems.throwIfAny();
        return audit(spec.orElseThrow(), routes, profile);
    }

    private static void checkStart(RouterSpec spec, Problems problems) {
        spec.namedSources().forEach((name, source) -> {
            KafkaSource kafka = source.kafka();
            if (kafka != null && kafka.start().equals(KafkaStart.LATEST)) {
                problems.add(
                        spec.pathOf(name) + ".kafka.start",
                        "must not be latest for an audit, which cannot know where the run began: give that as a time, or as"
                                + " startOffsets");
            }
        });
    }

    private int audit(RouterSpec spec, List<RouteSpec> routes, RunnerProfile profile) throws IOException {
        try (ScratchFolder scratch = ScratchFolder.create("millrace-audit-")) {
            List<AuditJob> jobs = new ArrayList<>();
            Map<String, String> obstacles = new LinkedHashMap<>();
            for (RouteSpec candidate : routes) {
                Optional<String> obstacle = AuditJob.obstacle(spec, candidate);
                if (obstacle.isEmpty()) {
                    jobs.add(new AuditJob(
                            spec,
                            candidate,
                            deadLetters,
                            scratch.file(candidate.name() + ".json"),
                            scriptVersion.orEmpty()));
                } else {
                    obstacles.put(candidate.name(), obstacle.get());
                }
            }
            if (run(spec, jobs, profile) != Commands.DONE) {
                return Commands.FAILED;
            }
            return tell(new Audits(spec.name(), figures(jobs), obstacles), routes);
        }
    }

    private int run(RouterSpec spec, List<AuditJob> jobs, RunnerProfile profile) {
        if (jobs.isEmpty()) {
            return Commands.DONE;
        }
        if (!jobs.get(0).readsDeadLetters()) {
            terminal.err()
                    .println("dead letters in the sink " + spec.deadLetters().name()
                            + " cannot be read: what the routes'"
                            + " steps give up is taken to be there, and what a sink gave up is missing. --deadLetters says"
                            + " where else they are");
        }
        return LocalRuns.reporting(new AuditProgress(), terminal).run(jobs, profile, beamOptions(profile));
    }

    private List<String> beamOptions(RunnerProfile profile) {
        List<String> all = new ArrayList<>(beamOptions);
        if (profile == RunnerProfile.FLINK_LOCAL && all.stream().noneMatch(given -> given.startsWith(CHECKPOINTS))) {
            all.add(NO_CHECKPOINTS);
        }
        return all;
    }

    private static Map<String, AuditFigures> figures(List<AuditJob> jobs) throws IOException {
        Map<String, AuditFigures> figures = new LinkedHashMap<>();
        for (AuditJob job : jobs) {
            figures.put(job.route().name(), job.figures());
        }
        return figures;
    }

    private int tell(Audits audits, List<RouteSpec> routes) {
        terminal.out().print(audits.text());
        terminal.out().flush();
        Optional.ofNullable(json).ifPresent(file -> audits.summary(routes).write(file));
        return audits.areClean() ? Commands.DONE : Commands.FAILED;
    }
}
