package io.millrace.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Makes the results of a range again. */
@Command(
        name = "run",
        description = {
            "Begins a job beside that of the pipeline, with the newest complete point from before the range, which reads the range and writes to shadows of the sinks: those of the corrected spec with"
                    + " -restated-<epoch> behind the name of the index or the topic, or the path of the folder. It reads on until nothing of the range can change any more, as with joins and windows,"
                    + " is then ended, and the shadows stay, until somebody deletes them.",
            "",
            "All is noted in the catalog before it is done: should the command break off anywhere, the same command goes on. Another range or another spec ends the job of one that is not made yet, and leaves its shadows.",
            "",
            "The job needs as many free slots as that of the pipeline. What it gives up goes to a shadow of the sink of dead letters. It commits no offsets, parks no events and withdraws no versions of scripts; lookups are made, and answered as of now."
                    + " Beam's options are those that the job was started with, unless some are given, which then are all.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  restate run --job=play-events --from=2026-01-31T09:40:00Z --to=2026-01-31T11:00:00Z --spec=corrected.yaml --flinkMaster=localhost:8081",
        })
final class RestateRunCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final RestateOptions options = new RestateOptions();

    @Unmatched
    private final List<String> beamOptions = new ArrayList<>();

    RestateRunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return new RestateSteps(options.read(terminal, beamOptions)).run();
    }
}
