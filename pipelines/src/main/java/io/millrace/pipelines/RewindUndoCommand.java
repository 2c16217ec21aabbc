package io.millrace.pipelines;

import io.millrace.pipelines.rewind.Rewind;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a rewind back. */
@Command(
        name = "undo",
        description = {
            "Takes the last rewind of a job back, in a higher epoch: the job goes on as it was before. Where the rewound job has begun, and so may have written, it reads"
                    + " again from the same point, as it did before; else it begins with the savepoint that was made of it. A rewind that broke off before it had"
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
        Optional<Rewind> last = rewinds.last();
        if (last.isEmpty()) {
            terminal.err().println("there is nothing to undo: the job was not rewound");
            return Commands.FAILED;
        }
        return undo(last.get(), rewinds);
    }

    private int undo(Rewind last, Rewinds rewinds) {
        if (last.undoes()) {
            if (last.isOver() && rewinds.runs(last)) {
                terminal.out().println("that is done: the job runs as " + last.jobId() + " in epoch " + last.epoch());
                return Commands.DONE;
            }
            return new RewindSteps(rewinds, cancel).run(last);
        }
        return new RewindSteps(rewinds, cancel).undo(last);
    }
}
