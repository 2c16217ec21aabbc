package io.millrace.testfixtures.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.server.FreePorts;
import io.millrace.testfixtures.server.ServerCommand;
import io.millrace.testfixtures.server.ServerProcess;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A real Elasticsearch node in a JVM of its own on a free port of 127.0.0.1.
 *
 * <p><i>State</i>: its port and its data outlive {@link #stop}, {@link #kill} and the next {@link #start};
 * {@link #close} deletes them.
 *
 * <p><i>Guarantee</i>: an index comes into being with its first document, unless {@code action.auto_create_index} says otherwise.
 * There is no security, and no scripting.
 *
 * <p><i>Fails</i>: a start as {@link ServerProcess} says; the helpers with an {@link IllegalStateException} that has the node's
 * answer, where that is no success.
 */
public final class ElasticsearchNode implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int PAGE = 5_000;

    private final WorkDirectory directory = WorkDirectory.create("elasticsearch");
    private final int port = FreePorts.next();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ServerProcess server;

    private ElasticsearchNode(Map<String, String> settings) {
        server = new ServerProcess(
                new ServerCommand(
                        "elasticsearch",
                        "elasticsearch-server",
                        "io.millrace.testfixtures.elasticsearchserver.ElasticsearchMain",
                        List.of("-Xmx512m", "-Dlog4j2.disable.jmx=true"),
                        arguments(settings)),
                directory,
                this::isReady);
    }

    /** A node that is not started yet. */
    public static ElasticsearchNode create() {
        return create(Map.of());
    }

    /** A node, not started yet, with settings of the test's own. */
    public static ElasticsearchNode create(Map<String, String> settings) {
        return new ElasticsearchNode(settings);
    }

    /** Starts the node and returns when it takes documents. */
    public ElasticsearchNode start() {
        server.start();
        return this;
    }

    /** Shuts the node down in good order. */
    public void stop() {
        server.stop();
    }

    /** Ends the node as a crash would. */
    public void kill() {
        server.kill();
    }

    /** The node's process, to pause it or to read its log. */
    public ServerProcess process() {
        return server;
    }

    /** Where clients reach it, the same over restarts. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Creates an index with a mapping, given as the JSON object of its {@code properties}. */
    public void createIndex(String index, String properties) {
        call("PUT", "/" + index, "{\"mappings\": {\"properties\": " + properties + "}}");
    }

    /** Creates an index with settings, given as a JSON object. */
    public void createIndexWithSettings(String index, String settings) {
        call("PUT", "/" + index, "{\"settings\": " + settings + "}");
    }

    /** Creates an index that an alias leads to, beside the others that it leads to. */
    public void createAlias(String alias, String index) {
        call("PUT", "/" + index, "{\"aliases\": {\"" + alias + "\": {}}}");
    }

    /** Changes settings of an index, given as a JSON object. */
    public void changeSettings(String index, String settings) {
        call("PUT", "/" + index + "/_settings", settings);
    }

    /** Closes an index: it takes no documents, and cannot be searched. */
    public void closeIndex(String index) {
        call("POST", "/" + index + "/_close", null);
    }

    /** Every document of an index by its id, as it can be found now; none where there is no such index. */
    public Map<String, JsonNode> documents(String index) {
        Map<String, JsonNode> documents = new TreeMap<>();
        hits(index).forEach(hit -> documents.put(hit.path("_id").asText(), hit.path("_source")));
        return documents;
    }

    /** The version of every document of an index by the document's id. */
    public Map<String, Long> versions(String index) {
        Map<String, Long> versions = new TreeMap<>();
        hits(index)
                .forEach(hit -> versions.put(
                        hit.path("_id").asText(), hit.path("_version").asLong()));
        return versions;
    }

    /** Writes a document under a version of its own, as one who knows nothing of the versions that are there. */
    public void putDocument(String index, String id, long version, String document) {
        call("PUT", document(index, id) + "?version_type=external_gte&version=" + version, document);
    }

    /** Deletes a document. */
    public void deleteDocument(String index, String id) {
        call("DELETE", document(index, id) + "?refresh=true", null);
    }

    /** Deletes an index. */
    public void deleteIndex(String index) {
        call("DELETE", "/" + index, null);
    }

    private static String document(String index, String id) {
        return "/" + index + "/_doc/" + URLEncoder.encode(id, UTF_8);
    }

    private List<JsonNode> hits(String index) {
        List<JsonNode> hits = new ArrayList<>();
        if (send("GET", "/" + index, null).statusCode() == 404) {
            return hits;
        }
        call("POST", "/" + index + "/_refresh", null);
        JsonNode page = call("POST", "/" + index + "/_search?scroll=1m", "{\"version\": true, \"size\": " + PAGE + "}");
        while (page.path("hits").path("hits").size() > 0) {
            page.path("hits").path("hits").forEach(hits::add);
            page = call(
                    "POST", "/_search/scroll", "{\"scroll\": \"1m\", \"scroll_id\": " + page.path("_scroll_id") + "}");
        }
        return hits;
    }

    /** Ends the node and deletes its data. */
    @Override
    public void close() {
        directory.close();
    }

    private JsonNode call(String method, String path, @Nullable String body) {
        HttpResponse<byte[]> answer = send(method, path, body);
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + ": " + new String(answer.body(), UTF_8));
        }
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<byte[]> send(String method, String path, @Nullable String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private boolean isReady() {
        return send("GET", "/_cluster/health?wait_for_status=yellow&timeout=5s", null)
                        .statusCode()
                == 200;
    }

    private List<String> arguments(Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>();
        all.put("cluster.name", "millrace");
        all.put("path.home", directory.path().toString());
        all.put("path.data", directory.folder("data").toString());
        all.put("path.logs", directory.folder("logs").toString());
        all.put("network.host", "127.0.0.1");
        all.put("http.port", String.valueOf(port));
        all.put("transport.port", String.valueOf(FreePorts.next()));
        all.put("discovery.type", "single-node");
        all.put("cluster.routing.allocation.disk.threshold_enabled", "false");
        all.putAll(settings);
        return all.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toList();
    }
}
