package io.millrace.transforms.event;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it was stored, read again: what {@link DeadLetterJson} made.
 *
 * <p>The event is the one that the step was given: what was read; for the step {@code script} what the route's filter and projection
 * made of it; for the step {@code sink} the route's result.
 *
 * @param deadLetter the dead letter; its event has no value where that was omitted
 * @param pipeline the pipeline that gave the event up
 * @param specVersion the version of the pipeline's spec
 * @param epoch the epoch of the run that gave the event up
 * @param valueOmitted whether the value was left out because it was too large, and is to be read at the origin
 */
public record StoredDeadLetter(
        DeadLetter deadLetter, String pipeline, String specVersion, long epoch, boolean valueOmitted) {
    /** The step that gives up a route's results. */
    public static final String SINK = "sink";

    /** The step that gives up what a route's filter and projection made; every other one but the sink gives up events as they were read. */
    public static final String SCRIPT = "script";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a stored dead letter.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static StoredDeadLetter parse(byte[] json) {
        try {
            return of(JSON.readTree(json));
        } catch (IOException e) {
            throw new IllegalArgumentException("a dead letter must be a JSON object", e);
        }
    }

    private static StoredDeadLetter of(JsonNode json) {
        checkArgument(
                json.path("dlVersion").asInt() == DeadLetterJson.VERSION,
                "dlVersion must be %s, but was %s",
                DeadLetterJson.VERSION,
                json.get("dlVersion"));
        String route = text(json, "route");
        String step = text(json, "step");
        Event event = Event.of(
                eventId(ResultId.parse(text(json, "id")), route, step),
                bytes(json.path("key")),
                bytes(json.path("value")),
                headers(json.path("headers")));
        DeadLetter deadLetter = new DeadLetter(
                event,
                route,
                step,
                DeadLetter.Reason.parse(text(json, "reason")),
                text(json, "message"),
                time(json.path("eventTime")));
        return new StoredDeadLetter(
                deadLetter,
                text(json, "pipeline"),
                text(json, "specVersion"),
                json.path("epoch").asLong(),
                json.path("valueOmitted").asBoolean());
    }

    private static ResultId eventId(ResultId id, String route, String step) {
        return new ResultId(id.origins(), step.equals(SINK) || step.equals(SCRIPT) ? route : "", id.ordinal());
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        checkArgument(value.isTextual(), "%s must be a text, but was %s", field, json.get(field));
        return value.textValue();
    }

    private static Instant time(JsonNode time) {
        return time.isTextual() ? Instant.parse(time.textValue()) : DeadLetter.NO_TIME;
    }

    private static Headers headers(JsonNode headers) {
        Headers.Builder builder = Headers.builder();
        headers.forEach(header -> builder.add(text(header, "name"), bytes(header.path("value"))));
        return builder.build();
    }

    private static byte @Nullable [] bytes(JsonNode base64) {
        return base64.isTextual() ? Base64.getDecoder().decode(base64.textValue()) : null;
    }
}
