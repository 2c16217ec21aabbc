package io.millrace.pipelines.view;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests to a view as documents: {@code {"id": "f-1", "kind": "flush", "prefix": "us/", "keysPerSecond": 1000}}. */
public final class RequestJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> NAMES = Set.of("id", "kind", "keys", "prefix", "keysPerSecond");
    private static final String LIST_OF_TEXTS = "keys must be a list of texts, but was %s";

    private RequestJson() {}

    /** The document of a request. */
    public static byte[] of(ViewRequest request) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", request.id());
        json.put("kind", request.kind().name().toLowerCase(Locale.ROOT));
        if (request.keys() != null) {
            request.keys().forEach(json.putArray("keys")::add);
        }
        if (request.prefix() != null) {
            json.put("prefix", request.prefix());
        }
        if (request.keysPerSecond() != null) {
            json.put("keysPerSecond", request.keysPerSecond());
        }
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request must be writable", e);
        }
    }

    /**
     * The request of a document.
     *
     * @throws IOException if it is none
     */
    static ViewRequest read(byte @Nullable [] document) throws IOException {
        JsonNode json = JSON.readTree(document == null ? new byte[0] : document);
        if (json == null || !json.isObject()) {
            throw new IOException("a request must be a JSON object");
        }
        try {
            checkNames(json);
            return new ViewRequest(
                    json.has("id") ? text("id", json.get("id")) : "",
                    kind(json.path("kind").asText()),
                    keys(json.get("keys")),
                    json.hasNonNull("prefix") ? text("prefix", json.get("prefix")) : null,
                    json.hasNonNull("keysPerSecond") ? number("keysPerSecond", json.get("keysPerSecond")) : null);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** A name that is misspelt would be a request for all keys. */
    private static void checkNames(JsonNode json) {
        json.fieldNames()
                .forEachRemaining(name -> checkArgument(
                        NAMES.contains(name),
                        "a request must have id, kind, keys, prefix and keysPerSecond alone, but had '%s'",
                        name));
    }

    private static String text(String name, JsonNode json) {
        checkArgument(json.isTextual(), "%s must be a text, but was %s", name, json);
        return json.asText();
    }

    private static double number(String name, JsonNode json) {
        checkArgument(json.isNumber(), "%s must be a number, but was %s", name, json);
        return json.doubleValue();
    }

    private static Kind kind(String text) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "kind must be flush, repair, renew, tell or publish, but was '" + text + "'");
    }

    private static @Nullable List<String> keys(@Nullable JsonNode keys) {
        if (keys == null || keys.isNull()) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode key : keys) {
            checkArgument(key.isTextual(), LIST_OF_TEXTS, keys);
            texts.add(key.asText());
        }
        checkArgument(keys.isArray(), LIST_OF_TEXTS, keys);
        return texts;
    }

    /** A document in words, for messages. */
    static String shown(byte @Nullable [] document) {
        String text = document == null ? "" : new String(document, UTF_8);
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
