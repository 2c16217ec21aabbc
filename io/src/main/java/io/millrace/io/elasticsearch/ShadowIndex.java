package io.millrace.io.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;

/** An index that takes what another one takes: with its mapping, and the settings that a mapping needs. */
final class ShadowIndex {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SETTINGS = List.of("analysis", "mapping", "number_of_shards");
    private static final String NOT_FOUND = "404";

    private ShadowIndex() {}

    /** Makes it beside the index of a sink, unless it is there. */
    static void make(ElasticsearchSink sink, String name) throws IOException {
        try (RestClient client = Connections.open(sink)) {
            if (!isThere(name, client)) {
                Request create = new Request("PUT", "/" + name);
                create.setJsonEntity(JSON.writeValueAsString(like(sink.index(), client)));
                client.performRequest(create);
            }
        }
    }

    /** Whether an index is there. */
    static boolean isThere(String name, RestClient client) throws IOException {
        Request head = new Request("HEAD", "/" + name);
        head.addParameter("ignore", NOT_FOUND);
        return client.performRequest(head).getStatusLine().getStatusCode() != Integer.parseInt(NOT_FOUND);
    }

    private static ObjectNode like(String index, RestClient client) throws IOException {
        Request get = new Request("GET", "/" + index);
        get.addParameter("ignore", NOT_FOUND);
        JsonNode found = JSON.readTree(client.performRequest(get).getEntity().getContent());
        ObjectNode like = JSON.createObjectNode();
        if (!found.has("error") && found.elements().hasNext()) {
            JsonNode first = found.elements().next(); // of an alias, the first of its indices
            like.set("mappings", first.path("mappings"));
            ObjectNode settings = like.putObject("settings").putObject("index");
            for (String setting : SETTINGS) {
                if (first.path("settings").path("index").has(setting)) {
                    settings.set(setting, first.path("settings").path("index").path(setting));
                }
            }
        }
        return like;
    }
}
