package io.millrace.io.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.io.sink.Leftovers;
import io.millrace.io.sink.Replayed;
import io.millrace.io.sink.SinkContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Documents of a route without a key whose version is a lower epoch. A document is deleted under the version of the run's epoch: so one that was written again
 * meanwhile stays. One whose identity is too long for an id says not what it came of, and stays too.
 */
final class ElasticsearchLeftovers implements Leftovers {
    private final ElasticsearchSink sink;
    private final SinkContext context;

    ElasticsearchLeftovers(ElasticsearchSink sink, SinkContext context) {
        this.sink = sink;
        this.context = context;
    }

    @Override
    public Removed remove(Replayed replayed) throws IOException {
        long removed = 0;
        try (BulkClient bulk = new BulkClient(Connections.open(sink), sink.index())) {
            for (int slice : SearchFn.SLICES) {
                removed += remove(slice, replayed, bulk);
            }
        }
        return new Removed(removed, 0);
    }

    private long remove(int slice, Replayed replayed, BulkClient bulk) throws IOException {
        long removed = 0;
        try (IndexScroll scroll =
                new IndexScroll(Connections.open(sink), sink.index(), slice, SearchFn.SLICES.size())) {
            for (List<JsonNode> page = scroll.next(); !page.isEmpty(); page = scroll.next()) {
                removed += bulk.change(leftovers(page, replayed));
            }
        }
        return removed;
    }

    private List<byte[]> leftovers(List<JsonNode> page, Replayed replayed) {
        List<byte[]> deletions = new ArrayList<>();
        for (JsonNode hit : page) {
            String id = hit.path("_id").asText();
            if (hit.path("_version").asLong() < context.run().epoch() && isReplayed(id, replayed)) {
                deletions.add(Operations.deletion(
                        id, DocumentVersion.ofResult(context.run().epoch())));
            }
        }
        return deletions;
    }

    private boolean isReplayed(String id, Replayed replayed) {
        return Operations.resultOf(id, context.route())
                .filter(replayed::hasMade)
                .isPresent();
    }
}
