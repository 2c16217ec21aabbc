package io.millrace.pipelines;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Puts what a restatement differs in into the sinks. */
@Command(
        name = "publish",
        description = {
            "Puts into the sinks what restate diff shows of the last restatement, and nothing else: documents are written over or deleted under the version of its epoch; in Kafka each correction is one more record"
                    + " behind the others, and what is not made any more is retracted where the sink says retract: record; in folders objects of windows take the place of those before.",
            "",
            "It may be done again at any time, and goes on where it broke off. The shadows stay.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  restate publish --job=play-events --flinkMaster=localhost:8081",
        })
final class RestatePublishCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RewindOptions.RewoundJobOptions job = new RewindOptions.RewoundJobOptions();

    RestatePublishCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<Rewinds> rewinds = job.read(terminal, problems);
        problems.throwIfAny();
        return new Restated(rewinds.orElseThrow()).publish();
    }
}
