package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import picocli.CommandLine.Command;

/** Runs a router: each route of its spec as a job of its own, or all as one. */
@Command(
        name = "router",
        description = {
            "Runs a router: reads events, and gives each route of the spec the events that its filter takes, projected as it"
                    + " says, and then as its script makes them, into its sink. What cannot be processed is a dead letter, with its reason and its original"
                    + " bytes.",
            "",
            "Every route is a job of its own, so that one route's trouble never reaches another; with isolation: shared all"
                    + " routes are one job, which reads once for all of them. In this process the jobs run until the input ends or"
                    + " Ctrl-C; on a cluster they are submitted, and the command returns when they run.",
            "",
            "Beam's own options pass through: --parallelism=4, --checkpointingInterval=30000, --maxBundleSize=1000, ...",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  router --spec=pipelines/samples/play-events.yaml",
            "  router --spec=pipelines/samples/play-events.yaml --summary=out/summary.json",
            "  router --spec=play-events.yaml --runner=flink-local --parallelism=2",
            "  router --spec=play-events.yaml --runner=flink --flinkMaster=localhost:8081 --route=long-plays",
            "  router --spec=play-events.yaml --runner=flink --flinkMaster=localhost:8081 --upgrade",
            "  router --spec=play-events.yaml --route=minutes --script-version=20260131T120000Z-1a2b3c4d",
            "",
            "After a topic has gained partitions:",
            "  router --spec=play-events.yaml --runner=flink --flinkMaster=localhost:8081 --upgrade --source=offsets",
        })
final class RouterCommand extends RunCommand {
    RouterCommand(Terminal terminal) {
        super(terminal);
    }

    /** Whatever routes there are. */
    @Override
    void check(RouterSpec spec, Problems problems) {}
}
