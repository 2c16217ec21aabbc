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
import org.jspecify.annotations.Nullable;

/**
 * What a shard of a view answers, as a document: {@code {"request": "t-1", "shard": 7, "keys": 12, "last": true, "told": [{"key": "us/m-1",
 * "version": 3, "document": "{…}"}]}}. The document of a key is a text, so that it stays byte for byte what routes get. {@code "pending": true} is
 * said of a key that has changed and is still to be told to routes, {@code "tooLarge": true} of one whose document no answer has room for.
 *
 * @param request the id of the request
 * @param shard the shard
 * @param keys how many of its keys were told up to now
 * @param isLast whether these were all
 * @param told the keys that were asked for
 */
public record Answer(String request, int shard, long keys, boolean isLast, List<Told> told) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** So much of documents goes into one answer, whatever Kafka takes: a text may be twice as long as its document, and Kafka takes a megabyte. */
    private static final int MOST_BYTES = 256 << 10;

    /**
     * A key as it is.
     *
     * @param document what routes get; null if it is removed, or too large to be told
     * @param isPending whether it is still to be told to routes
     * @param isTooLarge whether no answer has room for its document
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    public record Told(String key, long version, byte @Nullable [] document, boolean isPending, boolean isTooLarge) {

        private int bytes() {
            return key.length() + (document == null ? 0 : document.length);
        }
    }

    public Answer {
        told = List.copyOf(told);
    }

    /** An answer, in as many as it needs. */
    static List<Answer> of(ViewAnswer<byte[]> answer) {
        List<Answer> answers = new ArrayList<>();
        List<Told> some = new ArrayList<>();
        int bytes = 0;
        long toldLater = answer.told().size();
        for (ViewAnswer.Told<byte[]> one : answer.told()) {
            Told told = told(one);
            if (!some.isEmpty() && bytes + told.bytes() > MOST_BYTES) {
                answers.add(new Answer(answer.request(), answer.shard(), answer.keys() - toldLater, false, some));
                some.clear();
                bytes = 0;
            }
            some.add(told);
            bytes += told.bytes();
            toldLater--;
        }
        answers.add(new Answer(answer.request(), answer.shard(), answer.keys(), answer.isLast(), some));
        return answers;
    }

    private static Told told(ViewAnswer.Told<byte[]> one) {
        ViewUpdate<byte[]> update = one.update();
        byte[] document = update.isRemoved() ? null : ViewDocuments.json(one.key(), update);
        boolean isTooLarge = document != null && document.length > MOST_BYTES;
        return new Told(one.key(), update.version(), isTooLarge ? null : document, one.isPending(), isTooLarge);
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
            ObjectNode of = all.addObject()
                    .put("key", one.key())
                    .put("version", one.version())
                    .put("document", one.document() == null ? null : new String(one.document(), UTF_8));
            if (one.isPending()) {
                of.put("pending", true);
            }
            if (one.isTooLarge()) {
                of.put("tooLarge", true);
            }
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
            told.add(new Told(
                    one.path("key").asText(),
                    one.path("version").asLong(),
                    value,
                    one.path("pending").asBoolean(),
                    one.path("tooLarge").asBoolean()));
        }
        return Optional.of(new Answer(
                json.path("request").asText(),
                json.path("shard").asInt(),
                json.path("keys").asLong(),
                json.path("last").asBoolean(),
                told));
    }
}
