package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import java.util.List;
import picocli.CommandLine.Command;

/** Runs a spec of which every route looks something up. */
@Command(
        name = "enrich",
        description = {
            "Enriches events: reads them, looks up what they lack, puts it into their documents, and writes them as the spec's"
                    + " routes say. It takes the spec of a router of which every route looks something up:",
            "",
            "  routes:",
            "    - name: plays",
            "      enrich:",
            "        - into: history                # the field that the answer becomes",
            "          key: event.profile_id        # what is asked for",
            "          http: {url: \"http://localhost:8090/history/{key}\"}",
            "        - into: title",
            "          key: event.title_id",
            "          table: {keyField: title_id, files: {path: titles.jsonl}, reloadEvery: PT10M}",
            "      sink: {kafka: {bootstrapServers: \"localhost:9092\", topic: enriched_plays}}",
            "",
            "http, jdbc and memcached are asked for each event, many at a time; a table is held in memory, and loaded anew every so"
                    + " often; a changelog gives each event the value as of its event time. While what is asked is out the job"
                    + " waits, and holds its position.",
            "",
            "Beam's own options pass through: --parallelism=4, --checkpointingInterval=30000, ...",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  enrich --spec=pipelines/samples/play-titles.yaml",
            "  enrich --spec=play-titles.yaml --runner=flink-local --parallelism=2",
            "  enrich --spec=play-titles.yaml --runner=flink --flinkMaster=localhost:8081 --upgrade",
        })
final class EnrichCommand extends RunCommand {
    EnrichCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check(RouterSpec spec, Problems problems) {
        List<RouteSpec> routes = spec.routes();
        for (int i = 0; i < routes.size(); i++) {
            if (!routes.get(i).looksUp()) {
                problems.add(
                        "routes[" + i + "].enrich",
                        "is required by enrich, of every route; router runs routes that look nothing up");
            }
        }
    }
}
