package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.pipelines.rewind.Again;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.router.CodeVersion;
import io.millrace.pipelines.router.JobOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Shows what a rewind would do. */
@Command(
        name = "plan",
        description = {
            "Shows what rewind run would begin with the same options, and does nothing: the point that the job would go back to, and when it was last proven restorable; what it"
                    + " would read again of each partition, and whether Kafka still has it; what becomes of what its routes have written since; and how"
                    + " long it should take, going by what the job reads now and for how much of its time it is busy with that.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  rewind plan --job=play-events--plays --to=2026-01-31T09:40:00Z --flinkMaster=localhost:8081",
            "  rewind plan --job=play-events --to=2026-01-31T09:40:00Z --spec=corrected.yaml --flinkMaster=localhost:8081",
            "",
            "Exit status: 0 nothing speaks against it; 1 the job cannot be taken back; 2 wrong spec or options."
        })
final class RewindPlanCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RewindOptions options = new RewindOptions();

    @Unmatched
    private final List<String> beamOptions = new ArrayList<>();

    RewindPlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        RewindOptions.Chosen chosen = options.read(terminal, beamOptions);
        Rewinds rewinds = chosen.rewinds();
        rewinds.history()
                .unfinished()
                .findFirst()
                .ifPresent(last -> terminal.out().println("begun    " + begun(last, chosen.to())));
        Rewind rewind = rewinds.choose(chosen.to(), chosen.spec(), chosen.reading(), chosen.beamOptions());
        Successor successor = rewinds.foreseen(rewind);
        List<Again> again = rewinds.again(rewind, successor);
        show(rewind.point(), rewinds.catalog().provenAt(rewind.point()));
        terminal.out()
                .println("  code     "
                        + code(
                                JobOptions.code(successor.shown()),
                                CodeVersion.of(ClusterJar.ofThisProcess().path())));
        again.forEach(one -> terminal.out().println("  again    " + one));
        for (RouteSpec route : successor.job().routes()) {
            terminal.out()
                    .println("  route    " + route.name() + " to "
                            + route.sink().name() + ": " + successor.job().whenRewound(route));
        }
        terminal.out().println("  epoch    " + rewind.epoch());
        terminal.out()
                .println("  takes    "
                        + rewinds.pace()
                                .takes(again.stream().mapToLong(Again::count).sum()));
        return Commands.DONE;
    }

    /** What becomes of a rewind that was not finished. */
    private static String begun(Rewind last, Instant to) {
        if (last.undoes()) {
            return "rewind undo is not finished, and the same command goes on with it; rewind run leaves it where it is";
        }
        return last.to().equals(to)
                ? "it is not finished, and rewind run goes on with what was chosen when it began"
                : "the rewind to " + last.to()
                        + " is not finished, and rewind run with that time goes on with it; with this one, it leaves it where it is";
    }

    /** What has written the point, and will read it. */
    private static String code(Optional<String> before, String now) {
        if (before.isEmpty()) {
            return "not known; that of the jar is " + now;
        }
        return before.get()
                + (before.get().equals(now)
                        ? ", as the jar has it"
                        : ", and the jar has " + now + ": rewind rehearse shows whether its coders read the point");
    }

    private void show(RestorePoint point, Optional<Instant> provenAt) {
        terminal.out()
                .println("back to " + point.at() + ", " + point.kind().text() + " " + point.id() + " of job "
                        + point.jobId());
        terminal.out().println("  point    " + point.path());
        terminal.out()
                .println("  proven   "
                        + provenAt.map(at -> "restorable at " + at).orElse("never; rewind rehearse does that"));
    }
}
