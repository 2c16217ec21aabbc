package io.millrace.pipelines;

import picocli.CommandLine.Command;

/** What can be done with the past of jobs. */
@Command(
        name = "rewind",
        description = {
            "Takes jobs on a cluster back to a moment before something went wrong.",
            "",
            "rewind watch keeps a catalog of restore points, which are savepoints and checkpoints, beside the checkpoints of the jobs:"
                    + " it outlives them and their cluster. rewind list shows them. rewind plan says what it means to go back to one, rewind run does"
                    + " it, and rewind undo takes that back. rewind rehearse proves that a point can be restored.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  rewind watch --flinkMaster=localhost:8081 --savepointEvery=PT1H --keepLast=48",
            "  rewind list --job=play-events--plays --flinkMaster=localhost:8081",
            "  rewind rehearse --job=play-events--plays --flinkMaster=localhost:8081",
            "  rewind plan --job=play-events--plays --to=2026-01-31T09:40:00Z --flinkMaster=localhost:8081",
            "  rewind run --job=play-events--plays --to=2026-01-31T09:40:00Z --flinkMaster=localhost:8081",
            "  rewind undo --job=play-events--plays --flinkMaster=localhost:8081",
        })
final class RewindCommand extends CommandGroup {}
