package io.millrace.pipelines;

import picocli.CommandLine.Command;

/** What can be done with the past of jobs. */
@Command(
        name = "rewind",
        description = {
            "Takes jobs on a cluster back to a moment before something went wrong.",
            "",
            "rewind watch keeps a catalog of restore points, which are savepoints and checkpoints, beside the checkpoints of the jobs:"
                    + " it outlives them and their cluster. rewind list shows them.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  rewind watch --flinkMaster=localhost:8081 --savepointEvery=PT1H --keepLast=48",
            "  rewind list --job=play-events--plays --flinkMaster=localhost:8081",
        })
final class RewindCommand extends CommandGroup {}
