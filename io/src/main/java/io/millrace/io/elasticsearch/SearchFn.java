package io.millrace.io.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.io.sink.Held;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.transforms.DoFn;

/** Reads a slice of an index: of each document its id, and its version where that tells which result of a key it is. */
final class SearchFn extends DoFn<Integer, Held> {
    /** As many as there may be readers at a time; more would cost the cluster more than they save. */
    static final List<Integer> SLICES = IntStream.range(0, 4).boxed().toList();

    private static final long serialVersionUID = 1;

    private final ElasticsearchSink sink;
    private final boolean keyed;

    SearchFn(ElasticsearchSink sink, boolean keyed) {
        this.sink = sink;
        this.keyed = keyed;
    }

    @ProcessElement
    public void process(@Element Integer slice, OutputReceiver<Held> out) throws IOException {
        try (IndexScroll scroll = new IndexScroll(Connections.open(sink), sink.index(), slice, SLICES.size())) {
            for (List<JsonNode> page = scroll.next(); !page.isEmpty(); page = scroll.next()) {
                for (JsonNode hit : page) {
                    out.output(
                            held(hit.path("_id").asText(), hit.path("_version").asLong()));
                }
            }
        }
    }

    private Held held(String id, long version) {
        String name = "document " + id;
        return keyed
                ? Held.newest(id, DocumentVersion.withoutEpoch(version), name + " of version " + version)
                : Held.each(id, name);
    }
}
