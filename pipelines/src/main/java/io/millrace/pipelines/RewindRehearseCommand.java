package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Proves that a restore point can be restored. */
@Command(
        name = "rehearse",
        description = {
            "Begins a throw-away job with the newest complete restore point, as the job's spec is, waits until it has completed a checkpoint,"
                    + " ends it, removes what it left, and notes in the catalog that the point is proven restorable, which rewind list and rewind plan"
                    + " show. The job itself goes on.",
            "",
            "What the throw-away job makes goes nowhere: all sinks are none, with the state that they keep in the job. It commits no offsets, parks"
                    + " no events, withdraws no versions of scripts and answers no requests to views; lookups are made. It needs as many free slots as the job has.",
            "",
            "A point of which a file is missing or too short is named, and the next older one is rehearsed. Damage within files is found as far as it keeps"
                    + " tasks from beginning: they read all of a state on the heap, and of RocksDB what that reads when it opens its files.",
            "",
            "Should the command break off, the next one ends the job that it left. Beam's options are those that the job was started with, unless some are"
                    + " given, which then are all.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  rewind rehearse --job=play-events--plays --flinkMaster=localhost:8081",
            "  rewind rehearse --job=play-events --to=2026-01-31T09:40:00Z --flinkMaster=localhost:8081",
            "",
            "Exit status: 0 the newest point is proven; 1 it is not, or one that is newer is not complete; 2 wrong spec or options."
        })
final class RewindRehearseCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Clock clock;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description =
                    "Rehearses the newest complete point that was begun before it, such as 2026-01-31T09:40:00Z. Default: the newest of all.")
    private @Nullable String to;

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            description = "The spec with which the job would go on. Default: the one that it has.")
    private @Nullable Path spec;

    @Option(
            names = "--within",
            paramLabel = "DURATION",
            defaultValue = "PT10M",
            description =
                    "How long the tasks may take to begin with the state, and as long again for the first checkpoint. Default: ${DEFAULT-VALUE}."
                            + " For slots they wait for two minutes at most.")
    @SuppressWarnings("NullAway.Init")
    private Duration within;

    @Mixin
    private final RewindOptions.RewoundJobOptions job = new RewindOptions.RewoundJobOptions();

    @Unmatched
    private final List<String> beamOptions = new ArrayList<>();

    RewindRehearseCommand(Terminal terminal, Clock clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<Rewinds> rewinds = job.read(terminal, problems);
        String time = to;
        Optional<Instant> before =
                time == null ? Optional.of(Instant.MAX) : RewindOptions.moment("--to", time, problems);
        Optional<RouterSpec> given = RewindOptions.spec(spec, rewinds, problems);
        problems.checkBeamOptions(beamOptions);
        if (within.isNegative() || within.isZero()) {
            problems.add("--within", "must be above 0, but was " + within);
        }
        problems.throwIfAny();
        return new RehearsalSteps(rewinds.orElseThrow(), within, clock).run(before.orElseThrow(), given, beamOptions);
    }
}
