package io.millrace.io.elasticsearch;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;

/**
 * Goes once through the ids and versions of a slice of an index as it is when that begins, a page at a time.
 *
 * <p>A page that does not arrive is not asked for again: the next answer would be the page after it.
 */
final class IndexScroll implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true)); // documents are compared, and written again
    private static final int PAGE = 5_000;
    private static final int PAGE_OF_DOCUMENTS = 500;
    private static final String KEPT_FOR = "5m";
    private static final String NOT_FOUND = "404";
    private static final String NEEDED = "_scroll_id,hits.hits._id,hits.hits._version,hits.hits._source";

    private final RestClient client;
    private final String index;
    private final int slice;
    private final int slices;
    private final boolean withDocuments;
    private @Nullable String scrollId;

    /** With a client, which is closed at the end. */
    IndexScroll(RestClient client, String index, int slice, int slices) {
        this(client, index, slice, slices, false);
    }

    /** The same, with the documents themselves or without. */
    IndexScroll(RestClient client, String index, int slice, int slices, boolean withDocuments) {
        this.client = client;
        this.index = index;
        this.slice = slice;
        this.slices = slices;
        this.withDocuments = withDocuments;
    }

    /** The next hits; none at the end, or where there is no such index. */
    List<JsonNode> next() throws IOException {
        if (scrollId == null && !refresh()) {
            return List.of();
        }
        JsonNode page = scrollId == null ? begin() : goOn(scrollId);
        scrollId = page.path("_scroll_id").asText();
        List<JsonNode> hits = new ArrayList<>();
        page.path("hits").path("hits").forEach(hits::add);
        return hits;
    }

    /** Makes what was written until now visible. False if there is no such index. */
    private boolean refresh() throws IOException {
        Request refresh = new Request("POST", "/" + index + "/_refresh");
        refresh.addParameter("ignore", NOT_FOUND);
        return client.performRequest(refresh).getStatusLine().getStatusCode() != Integer.parseInt(NOT_FOUND);
    }

    private JsonNode begin() throws IOException {
        ObjectNode search = JSON.createObjectNode()
                .put("size", withDocuments ? PAGE_OF_DOCUMENTS : PAGE)
                .put("version", true)
                .put("_source", withDocuments);
        search.putArray("sort").add("_doc");
        search.putObject("slice").put("id", slice).put("max", slices);
        Request request = request("/" + index + "/_search", search);
        request.addParameter("scroll", KEPT_FOR);
        return answer(request);
    }

    private JsonNode goOn(String scrollId) throws IOException {
        return answer(request(
                "/_search/scroll",
                JSON.createObjectNode().put("scroll", KEPT_FOR).put("scroll_id", scrollId)));
    }

    /** The documents of some ids, by id, as they are now; those that are not there, or of an index that is not, are left out. */
    static Map<String, JsonNode> documents(RestClient client, String index, Collection<String> ids) throws IOException {
        Map<String, JsonNode> documents = new HashMap<>();
        if (!ids.isEmpty()) {
            Request request = new Request("POST", "/" + index + "/_mget");
            ObjectNode asked = JSON.createObjectNode();
            ids.forEach(asked.putArray("ids")::add);
            request.setJsonEntity(JSON.writeValueAsString(asked));
            for (JsonNode document : JSON.readTree(
                            client.performRequest(request).getEntity().getContent())
                    .path("docs")) {
                if (document.path("found").asBoolean()) {
                    documents.put(document.path("_id").asText(), document.path("_source"));
                }
            }
        }
        return documents;
    }

    /** The bytes of a document. */
    static byte[] bytes(JsonNode document) throws IOException {
        return JSON.writeValueAsBytes(document);
    }

    private static Request request(String path, ObjectNode body) throws IOException {
        Request request = new Request("POST", path);
        request.addParameter("filter_path", NEEDED);
        request.setJsonEntity(JSON.writeValueAsString(body));
        return request;
    }

    private JsonNode answer(Request request) throws IOException {
        Response response = client.performRequest(request);
        return JSON.readTree(response.getEntity().getContent());
    }

    /** Frees what the cluster keeps for it. */
    @Override
    public void close() throws IOException {
        try (client) {
            if (scrollId != null) {
                Request end = new Request("DELETE", "/_search/scroll");
                end.setJsonEntity(
                        JSON.writeValueAsString(JSON.createObjectNode().put("scroll_id", scrollId)));
                end.addParameter("ignore", NOT_FOUND);
                client.performRequest(end);
            }
        }
    }
}
