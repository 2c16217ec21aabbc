package io.millrace.io.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.io.elasticsearch.BulkAnswer.Item;
import io.millrace.io.elasticsearch.BulkAnswer.Items;
import io.millrace.io.sink.Leftovers;
import io.millrace.io.sink.Replayed;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Documents of a route without a key whose version is a lower epoch. A document is deleted under the version of the run's epoch: so one that was written again
 * meanwhile stays. One whose identity is too long for an id says not what it came of, and stays too.
 */
final class ElasticsearchLeftovers implements Leftovers {
    private static final String WRITTEN_MEANWHILE = "version_conflict_engine_exception";

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
                removed += delete(leftovers(page, replayed), bulk);
            }
        }
        return removed;
    }

    private List<byte[]> leftovers(List<JsonNode> page, Replayed replayed) {
        List<byte[]> deletions = new ArrayList<>();
        for (JsonNode hit : page) {
            String id = hit.path("_id").asText();
            if (hit.path("_version").asLong() < context.run().epoch() && cameOfReplayed(id, replayed)) {
                deletions.add(Operations.deletion(
                        id, DocumentVersion.ofResult(context.run().epoch())));
            }
        }
        return deletions;
    }

    private boolean cameOfReplayed(String id, Replayed replayed) {
        return parse(id)
                .filter(result -> result.step().equals(context.route()))
                .filter(replayed::hasMade)
                .isPresent();
    }

    private static Optional<ResultId> parse(String id) {
        try {
            return Optional.of(ResultId.parse(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // nobody's result
        }
    }

    private long delete(List<byte[]> deletions, BulkClient bulk) throws IOException {
        if (deletions.isEmpty()) {
            return 0;
        }
        BulkAnswer answer = bulk.send(deletions);
        if (!(answer instanceof Items items)) {
            throw new IOException(must() + "said " + answer);
        }
        for (Item item : items.items()) {
            if (item.verdict() != Verdict.TAKEN) {
                throw new IOException(must() + "said " + item.message());
            }
        }
        return items.items().stream()
                .filter(item -> !item.message().startsWith(WRITTEN_MEANWHILE))
                .count();
    }

    private String must() {
        return "Elasticsearch at " + sink.url() + " must delete documents of index " + sink.index() + ", but ";
    }
}
