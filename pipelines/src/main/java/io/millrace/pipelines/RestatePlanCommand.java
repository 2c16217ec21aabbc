package io.millrace.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Shows what a restatement would do. */
@Command(
        name = "plan",
        description =
                "Shows what restate run would begin with the same options, and does nothing: the point that its job would begin with, the range of each partition, whether Kafka or an archive still has it, where the results go, and how"
                        + " far behind the range the job has to read until nothing of it can change any more.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  restate plan --job=play-events --from=2026-01-31T09:40:00Z --to=2026-01-31T11:00:00Z --spec=corrected.yaml --flinkMaster=localhost:8081",
            "",
            "Exit status: 0 nothing speaks against it; 1 the range cannot be restated; 2 wrong spec or options."
        })
final class RestatePlanCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RestateOptions options = new RestateOptions();

    @Unmatched
    private final List<String> beamOptions = new ArrayList<>();

    RestatePlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return new RestateSteps(options.read(terminal, beamOptions)).plan();
    }
}
