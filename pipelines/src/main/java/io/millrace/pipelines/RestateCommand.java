package io.millrace.pipelines;

import picocli.CommandLine.Command;

/** What can be done about results that were wrong for a while. */
@Command(
        name = "restate",
        description = {
            "Makes results of a job on a cluster again that were wrong for a while, beside the job, and puts only what differs into its sinks. The job goes on meanwhile.",
            "",
            "First upgrade the job, so that what it makes from now on is right. Then restate plan says what is to be done, restate run makes the results again, with the spec as it should have been, into"
                    + " shadows of the sinks: an index, a topic, a folder beside it. restate diff shows what differs, and restate publish puts it into the sinks.",
            "",
            "Where the last result of a key counts, as in views and in documents with a key, what was made since would be undone: rewind run --spec takes such a job back, and makes all of it again.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  restate plan --job=play-events--plays --from=2026-01-31T09:40:00Z --to=2026-01-31T11:00:00Z --spec=corrected.yaml --flinkMaster=localhost:8081",
            "  restate run --job=play-events--plays --from=2026-01-31T09:40:00Z --to=2026-01-31T11:00:00Z --spec=corrected.yaml --flinkMaster=localhost:8081",
            "  restate diff --job=play-events--plays --flinkMaster=localhost:8081",
            "  restate publish --job=play-events--plays --flinkMaster=localhost:8081",
        })
final class RestateCommand extends CommandGroup {}
