package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import picocli.CommandLine.Command;

/** Runs a spec that joins two of its sources. */
@Command(
        name = "join",
        description = {
            "Joins two streams by event time, hours apart and out of order: each right event with the left ones of its key that were"
                    + " before it. It takes the spec of a router that has joins:",
            "",
            "  sources:",
            "    impressions: {kafka: {bootstrapServers: \"localhost:9092\", topics: [impressions]}, eventTime: event.ts}",
            "    plays: {kafka: {bootstrapServers: \"localhost:9092\", topics: [plays]}, eventTime: event.ts}",
            "  joins:",
            "    conversions:",
            "      left: {from: impressions, key: event.profile_id + \"/\" + event.title_id, waits: PT6H}",
            "      right: {from: plays, key: event.profile_id + \"/\" + event.title_id, looksBack: PT4H}",
            "  routes:",
            "    - name: conversions",
            "      from: [conversions]                      # as if it were a source",
            "      project:",
            "        title: event.right.title_id",
            "        impressions: event.left.count            # also event.left.first, event.left.last, with list: true event.left.list",
            "      sink: {kafka: {bootstrapServers: \"localhost:9092\", topic: conversions}}",
            "",
            "A result leaves when the watermarks of both sources have passed its right event, so that no left one can come any more;"
                    + " with emit: match with the first left one, and again if it has changed. An event that comes later than that is a"
                    + " dead letter.",
            "",
            "join why explains one key, and join advise says what other bounds would give; both read what the join's traces told.",
            "",
            "Beam's own options pass through: --parallelism=4, --checkpointingInterval=30000, ...",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  join --spec=pipelines/samples/conversions.yaml",
            "  join --spec=conversions.yaml --runner=flink-local --parallelism=2",
            "  join --spec=conversions.yaml --runner=flink --flinkMaster=localhost:8081 --upgrade",
        })
final class JoinCommand extends RunCommand {
    JoinCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check(RouterSpec spec, Problems problems) {
        if (spec.namedJoins().isEmpty()) {
            problems.add("joins", "is required by join; router runs specs that join nothing");
        }
    }
}
