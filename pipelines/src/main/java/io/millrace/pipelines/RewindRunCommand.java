package io.millrace.pipelines;

import io.millrace.pipelines.rewind.Rewind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Takes a job back to a restore point. */
@Command(
        name = "run",
        description = {
            "Takes a job back to the newest complete point from before a moment: stops it with a savepoint, or cancels it where the point is a checkpoint of its own, begins it again"
                    + " with the point, as its spec is or as another one, and waits until it has completed a checkpoint. From then on it reads again what came"
                    + " since, in a higher epoch. When it has read all of that, what it has not made again is removed from sinks where that can be told."
                    + " rewind plan says what a rewind means for each sink.",
            "",
            "All is noted in the catalog before it is done: should the command break off anywhere, the same command goes on. With a --to that is"
                    + " done already it does nothing, for as long as that job runs.",
            "",
            "Beam's options are those that the job was started with, unless some are given, which then are all.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  rewind run --job=play-events--plays --to=2026-01-31T09:40:00Z --flinkMaster=localhost:8081",
            "  rewind run --job=play-events --to=2026-01-31T09:40:00Z --spec=corrected.yaml --flinkMaster=localhost:8081",
        })
final class RewindRunCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RewindOptions options = new RewindOptions();

    @Option(
            names = "--cancel",
            description =
                    "Cancels the job, which may not be able to make a savepoint, such as when its sink is away: rewind undo then goes"
                            + " back to its newest checkpoint.")
    private boolean cancel;

    @Unmatched
    private final List<String> beamOptions = new ArrayList<>();

    RewindRunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        RewindOptions.Chosen chosen = options.read(terminal, beamOptions);
        Rewinds rewinds = chosen.rewinds();
        Optional<Rewind> last = rewinds.last().filter(one -> !one.undoes());
        if (last.isPresent() && last.get().to().equals(chosen.to())) {
            Rewind same = last.get();
            if (same.isOver() && rewinds.runs(same)) {
                terminal.out()
                        .println("that is done: the job runs as " + same.jobId() + " in epoch " + same.epoch()
                                + "; with another --to, such as a millisecond later, it is done anew");
                return Commands.DONE;
            }
            if (!same.isOver()) {
                terminal.err().println("going on with what was begun, with what was chosen then");
                return new RewindSteps(rewinds, cancel).run(same);
            }
        }
        last.filter(one -> !one.isOver())
                .ifPresent(
                        one -> terminal.err()
                                .println(
                                        "the rewind to " + one.to()
                                                + ", which was not finished, is left where it is: what its job has made and this one does not reach stays"));
        return new RewindSteps(rewinds, cancel)
                .run(rewinds.choose(chosen.to(), chosen.spec(), chosen.reading(), chosen.beamOptions()));
    }
}
