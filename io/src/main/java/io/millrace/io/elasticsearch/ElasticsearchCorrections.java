package io.millrace.io.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.Differences;
import io.millrace.io.sink.Differences.Kind;
import io.millrace.io.sink.Replayed;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.elasticsearch.client.RestClient;

/**
 * Documents of a route without a key, by their ids, in an index and in its shadow. They are the same if their JSON is. One whose identity is too long for an id says not what it
 * came of, and is left as it is.
 *
 * <p>Both indices are gone through once, a page at a time, and of each page the other one is asked for the same ids; so nothing is kept. Publishing sends a bulk request for
 * each page: a reader sees one page corrected, and the next not yet.
 */
final class ElasticsearchCorrections implements Corrections {
    private final ElasticsearchSink sink;
    private final ElasticsearchSink shadow;
    private final SinkContext context;

    ElasticsearchCorrections(ElasticsearchSink sink, ElasticsearchSink shadow, SinkContext context) {
        this.sink = sink;
        this.shadow = shadow;
        this.context = context;
    }

    @Override
    public void find(Replayed restated, Differences found) throws IOException {
        walk(restated, found, operations -> {});
    }

    @Override
    public void publish(Replayed restated, Differences found) throws IOException {
        try (BulkClient bulk = new BulkClient(Connections.open(sink), sink.index())) {
            walk(restated, found, bulk::change);
        }
    }

    /** What is done with the operations that correct a page. */
    private interface Action {
        void take(List<byte[]> operations) throws IOException;
    }

    private void walk(Replayed restated, Differences found, Action action) throws IOException {
        try (RestClient client = Connections.open(sink)) {
            if (!ShadowIndex.isThere(shadow.index(), client)) {
                throw new IOException("index " + shadow.index() + " must be there, but is not");
            }
            forEachPage(sink, restated::hasMade, page -> action.take(ofPublished(page, client, found)));
            forEachPage(shadow, restated::mayHaveMade, page -> action.take(ofRestated(page, client, found)));
        }
    }

    /** What removes documents of the index that are not made any more. */
    private List<byte[]> ofPublished(Map<String, JsonNode> page, RestClient client, Differences found)
            throws IOException {
        Map<String, JsonNode> restated = IndexScroll.documents(client, shadow.index(), page.keySet());
        List<byte[]> operations = new ArrayList<>();
        page.forEach((id, published) -> {
            if (!restated.containsKey(id)) {
                found.add(Kind.REMOVED, id + " " + published);
                operations.add(Operations.deletion(id, version()));
            }
        });
        return operations;
    }

    /** What puts documents of the shadow in the place of others, or where none are. */
    private List<byte[]> ofRestated(Map<String, JsonNode> page, RestClient client, Differences found)
            throws IOException {
        Map<String, JsonNode> published = IndexScroll.documents(client, sink.index(), page.keySet());
        List<byte[]> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> restated : page.entrySet()) {
            String id = restated.getKey();
            JsonNode before = published.get(id);
            if (!restated.getValue().equals(before)) {
                found.add(
                        before == null ? Kind.ADDED : Kind.CHANGED,
                        id + " " + (before == null ? "" : before + " to ") + restated.getValue());
                operations.add(Operations.replacement(id, version(), IndexScroll.bytes(restated.getValue())));
            }
        }
        return operations;
    }

    private long version() {
        return DocumentVersion.ofResult(context.run().epoch());
    }

    /** What is done with the documents of a page, by their ids. */
    private interface PageAction {
        void take(Map<String, JsonNode> page) throws IOException;
    }

    private void forEachPage(ElasticsearchSink of, Predicate<ResultId> results, PageAction action) throws IOException {
        for (int slice : SearchFn.SLICES) {
            try (IndexScroll scroll =
                    new IndexScroll(Connections.open(of), of.index(), slice, SearchFn.SLICES.size(), true)) {
                for (List<JsonNode> page = scroll.next(); !page.isEmpty(); page = scroll.next()) {
                    action.take(documents(page, results));
                }
            }
        }
    }

    private Map<String, JsonNode> documents(List<JsonNode> page, Predicate<ResultId> results) {
        Map<String, JsonNode> documents = new LinkedHashMap<>();
        for (JsonNode hit : page) {
            String id = hit.path("_id").asText();
            if (Operations.resultOf(id, context.route()).filter(results).isPresent()) {
                documents.put(id, hit.path("_source"));
            }
        }
        return documents;
    }
}
