package io.millrace.io.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.io.elasticsearch.BulkAnswer.Busy;
import io.millrace.io.elasticsearch.BulkAnswer.Item;
import io.millrace.io.elasticsearch.BulkAnswer.Items;
import io.millrace.io.elasticsearch.BulkAnswer.TooLarge;
import io.millrace.io.elasticsearch.BulkAnswer.Unavailable;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NByteArrayEntity;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/** Sends bulk requests to one index, each once. */
final class BulkClient implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ContentType LINES = ContentType.create("application/x-ndjson");
    private static final String NEWER = "version_conflict_engine_exception";
    private static final String NEEDED =
            "items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason";

    private final RestClient client;
    private final String path;

    BulkClient(RestClient client, String index) {
        this.client = client;
        this.path = "/" + index + "/_bulk";
    }

    /**
     * Sends operations.
     *
     * @throws IOException if the cluster refuses any request like this one
     */
    BulkAnswer send(List<byte[]> operations) throws IOException {
        try {
            return items(client.performRequest(request(operations)), operations.size());
        } catch (ResponseException e) {
            return refusal(e);
        } catch (IOException e) {
            return new Unavailable(String.valueOf(e));
        }
    }

    /**
     * Sends operations of which each must be taken, unless a newer version of its document is there, and gives how many changed something.
     *
     * @throws IOException if one was not, or the cluster does not answer
     */
    long change(List<byte[]> operations) throws IOException {
        if (operations.isEmpty()) {
            return 0;
        }
        BulkAnswer answer = send(operations);
        if (!(answer instanceof Items items)) {
            throw new IOException(path + " must take each operation, but said " + answer);
        }
        for (Item item : items.items()) {
            if (item.verdict() != Verdict.TAKEN) {
                throw new IOException(path + " must take each operation, but said " + item.message());
            }
        }
        return items.items().stream()
                .filter(item -> !item.message().startsWith(NEWER))
                .count();
    }

    private Request request(List<byte[]> operations) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(
                operations.stream().mapToInt(operation -> operation.length).sum());
        operations.forEach(body::writeBytes);
        Request request = new Request("POST", path);
        request.addParameter("filter_path", NEEDED);
        request.setEntity(new NByteArrayEntity(body.toByteArray(), LINES));
        return request;
    }

    private static BulkAnswer items(Response response, int expected) throws IOException {
        List<Item> items = new ArrayList<>(expected);
        for (JsonNode item : JSON.readTree(response.getEntity().getContent()).path("items")) {
            items.add(Item.of(item));
        }
        return items.size() == expected
                ? new Items(items)
                : new Unavailable("the answer must have " + expected + " items, but had " + items.size()
                        + "; is it Elasticsearch that answers?");
    }

    private static BulkAnswer refusal(ResponseException answer) throws IOException {
        int status = answer.getResponse().getStatusLine().getStatusCode();
        String message = String.valueOf(answer.getMessage());
        return switch (status) {
            case 413 -> new TooLarge(message);
            case 429 -> new Busy(message);
            case 408, 500, 502, 503, 504 -> new Unavailable(message);
            default -> throw answer;
        };
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
