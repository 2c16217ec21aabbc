package io.millrace.pipelines.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.transforms.view.ViewAnswer;
import io.millrace.transforms.view.ViewUpdate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/**
 * What a shard of a view answers, as a document: {@code {"request": "t-1", "shard": 7, "keys": 12, "last": true, "told": [{"key": "us/m-1",
 * "version": 3, "document": "{…}"}]}}. The document of a key is a text, so that it stays byte for byte what routes get.
 *
 * @param request the id of the request
 * @param shard the shard
 * @param keys how many of its keys it has had
 * @param isLast whether these were all
 * @param told the keys that were asked for, as they were told last
 */
public record Answer(String request, int shard, long keys, boolean isLast, List<Told> told) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A key as it was told last.
     *
     * @param document what routes get; null if it is removed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    public record Told(String key, long version, byte @Nullable [] document) {}

    public Answer {
        told = List.copyOf(told);
    }

    static Answer of(ViewAnswer<byte[]> answer) {
        List<Told> told = answer.told().stream().map(Answer::told).toList();
        return new Answer(answer.request(), answer.shard(), answer.keys(), answer.isLast(), told);
    }

    private static Told told(KV<String, ViewUpdate<byte[]>> one) {
        ViewUpdate<byte[]> update = one.getValue();
        byte[] document = update.isRemoved() ? null : ViewDocuments.json(one.getKey(), update);
        return new Told(one.getKey(), update.version(), document);
    }

    /** The document of the answer. */
    byte[] json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("request", request);
        json.put("shard", shard);
        json.put("keys", keys);
        json.put("last", isLast);
        ArrayNode all = json.putArray("told");
        for (Told one : told) {
            all.addObject()
                    .put("key", one.key())
                    .put("version", one.version())
                    .put("document", one.document() == null ? null : new String(one.document(), UTF_8));
        }
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer must be writable", e);
        }
    }

    /** The answer of a document, if it is one. */
    public static Optional<Answer> read(byte[] document) {
        JsonNode json;
        try {
            json = JSON.readTree(document);
        } catch (IOException e) {
            return Optional.empty();
        }
        if (json == null || !json.hasNonNull("request")) {
            return Optional.empty();
        }
        List<Told> told = new ArrayList<>();
        for (JsonNode one : json.path("told")) {
            byte[] value =
                    one.hasNonNull("document") ? one.get("document").asText().getBytes(UTF_8) : null;
            told.add(new Told(one.path("key").asText(), one.path("version").asLong(), value));
        }
        return Optional.of(new Answer(
                json.path("request").asText(),
                json.path("shard").asInt(),
                json.path("keys").asLong(),
                json.path("last").asBoolean(),
                told));
    }
}
