package io.millrace.pipelines;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a restatement differs in. */
@Command(
        name = "diff",
        description = {
            "Compares what the last restatement has made with what the sinks hold of the same range, and writes nothing.",
            "",
            "For each route it counts",
            "  added    results that the sink does not have",
            "  changed  results that the sink has another one of; in folders, whose lines have no"
                    + " identity, such a line counts as removed and added",
            "  removed  results that only the sink has",
            "  kept     results that only the sink has, and which stay: the sink takes nothing away,"
                    + " or they cannot be told from others",
            "and shows some of each. The job must have read as far as the restatement, which is waited for.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  restate diff --job=play-events --flinkMaster=localhost:8081",
            "  restate diff --job=play-events --samples=20 --json=diff.json --flinkMaster=localhost:8081",
            "",
            "Exit status: 0 it is shown, whether or not anything differs; 1 it could not be compared; 2 wrong options."
        })
final class RestateDiffCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RewindOptions.RewoundJobOptions job = new RewindOptions.RewoundJobOptions();

    @Option(
            names = "--samples",
            paramLabel = "NUMBER",
            defaultValue = "5",
            description = "How many of each kind are shown of a route. Default: ${DEFAULT-VALUE}.")
    private int samples;

    @Option(names = "--json", paramLabel = "FILE", description = "Write what differs as JSON.")
    private @Nullable Path json;

    RestateDiffCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<Rewinds> rewinds = job.read(terminal, problems);
        if (samples < 0) {
            problems.add("--samples", "must be at least 0, but was " + samples);
        }
        Optional.ofNullable(json).flatMap(Summary::problem).ifPresent(problem -> problems.add("--json", problem));
        problems.throwIfAny();
        return new Restated(rewinds.orElseThrow()).diff(samples, Optional.ofNullable(json));
    }
}
