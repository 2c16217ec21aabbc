package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import picocli.CommandLine.Command;

/** Runs a spec that has a view. */
@Command(
        name = "view",
        description = {
            "Keeps a view of what keys are, from events and full publishes, and writes what has changed to a cache or a table that others"
                    + " read. It takes the spec of a router that has views:",
            "",
            "  sources:",
            "    assets: {kafka: {bootstrapServers: \"localhost:9092\", topics: [assets]}, eventTime: event.ts}",
            "  views:",
            "    locations:",
            "      changes:",
            "        - {from: assets, key: event.cdn + \"/\" + event.movie_id, item: event.appliance,",
            "           keep: [appliance, path], removes: event.kind == \"removed\"}",
            "      publish:                                  # all there is, to put the view right",
            "        http: {url: \"http://localhost:8080/assets\", items: assets, next: next, nextParameter: cursor}",
            "        key: event.cdn + \"/\" + event.movie_id",
            "        item: event.appliance",
            "        keep: [appliance, path]",
            "        every: PT6H",
            "      control: {kafka: {bootstrapServers: \"localhost:9092\", topic: locations-control}}",
            "  routes:",
            "    - name: cache",
            "      from: [locations]                        # as if it were a source",
            "      project: {version: event.version, locations: event.items}",
            "      sink: {evcache: {zones: {zone-a: [\"localhost:11211\"], zone-b: [\"localhost:11212\"]}}}",
            "",
            "Of an item the event of the highest version counts, whatever comes first. A key is written when the interval ends in which it"
                    + " has changed. A full publish counts when all of it has been read: then what it has not, and what no newer event"
                    + " added, is removed.",
            "",
            "view flush writes keys again, view publish begins a full publish, view get shows a key as the view and the cache have it, and"
                    + " view verify compares all of them; they ask the job that runs, by the view's control.",
            "",
            "Beam's own options pass through: --parallelism=4, --checkpointingInterval=30000, ...",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  view --spec=pipelines/samples/locations.yaml",
            "  view --spec=locations.yaml --runner=flink-local --parallelism=2",
            "  view --spec=locations.yaml --runner=flink --flinkMaster=localhost:8081 --upgrade",
        })
final class ViewCommand extends RunCommand {
    ViewCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check(RouterSpec spec, Problems problems) {
        if (spec.namedViews().isEmpty()) {
            problems.add("views", "is required by view; router runs specs that have none");
        }
    }
}
