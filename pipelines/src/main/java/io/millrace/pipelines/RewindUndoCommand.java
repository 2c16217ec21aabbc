package io.millrace.pipelines;

import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.rewind.Rewind.Step;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a rewind back. */
@Command(
        name = "undo",
        description = {
            "Takes the last rewind of a job back, in a higher epoch: the job goes on with the spec that it had when it was rewound. Where the rewound job has begun, and so may have written, it reads"
                    + " again from the same point, all of it with that spec, also what an upgrade came behind; else it goes on where it was stopped, if it ran. A rewind that broke off before it had"
                    + " stopped the job is given up.",
            "",
            "Should the command break off, the same command goes on.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  rewind undo --job=play-events--plays --flinkMaster=localhost:8081"})
final class RewindUndoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RewindOptions.RewoundJobOptions options = new RewindOptions.RewoundJobOptions();

    @Option(names = "--cancel", description = "Cancels the job that runs, instead of stopping it with a savepoint.")
    private boolean cancel;

    RewindUndoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<Rewinds> read = options.read(terminal, problems);
        problems.throwIfAny();
        Rewinds rewinds = read.orElseThrow();
        Optional<Rewind> newest = rewinds.catalog().rewinds().stream().findFirst();
        if (newest.isEmpty()) {
            terminal.err().println("there is nothing to undo: the job was not rewound");
            return Commands.FAILED;
        }
        return undo(newest.get(), rewinds);
    }

    private int undo(Rewind last, Rewinds rewinds) {
        if (last.step() == Step.GIVEN_UP) {
            terminal.err().println("there is nothing to undo: the last rewind, to " + last.to() + ", was given up");
            return Commands.FAILED;
        }
        if (last.undoes() && last.isOver()) {
            terminal.out()
                    .println("that is done: the rewind is taken back, in epoch " + last.epoch()
                            + (rewinds.runs(last) ? ", and the job runs as " + last.jobId() : ""));
            return Commands.DONE;
        }
        RewindSteps steps = new RewindSteps(rewinds, cancel);
        return last.undoes() ? steps.run(last) : steps.undo(last);
    }
}
