package io.millrace.testfixtures.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** The node is a real one: documents come back, and are there after a crash. */
public class ElasticsearchNodeTest {
    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Test
    public void keepsDocumentsAndTheirVersionsOverACrash() throws IOException, InterruptedException {
        ElasticsearchNode node = elasticsearch.node();
        String index = elasticsearch.name("plays");
        index(node, "/" + index + "/_doc/a?version=7&version_type=external_gte", "{\"n\": 1}");

        node.kill();
        node.start();

        assertThat(node.documents(index).get("a").path("n").asInt(), is(1));
        assertThat(node.versions(index), is(Map.of("a", 7L)));
    }

    @Test
    public void givesEveryDocumentOfAnIndex() throws IOException, InterruptedException {
        ElasticsearchNode node = elasticsearch.node();
        String index = elasticsearch.name("plays");
        StringBuilder bulk = new StringBuilder();
        for (int id = 0; id < 12_000; id++) {
            bulk.append("{\"index\":{\"_id\":\"").append(id).append("\"}}\n{}\n");
        }
        index(node, "/" + index + "/_bulk", bulk.toString());

        assertThat(node.documents(index), is(aMapWithSize(12_000)));
        assertThat(node.documents("no-such-index"), is(aMapWithSize(0)));
    }

    private static void index(ElasticsearchNode node, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body, UTF_8))
                .build();
        int status = HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
        assertThat(status / 100, is(2));
    }
}
