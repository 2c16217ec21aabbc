package io.millrace.pipelines.rewind;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.pipelines.router.TopicOffsets;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A savepoint or retained checkpoint of a job, from which it can go on.
 *
 * @param jobId the job on its cluster
 * @param id its number among the checkpoints and savepoints of that
 * @param kind what it is
 * @param path where it is, as Flink names it
 * @param at when it was begun: what was published later is not in it
 * @param watermark how far event time had come in what the job reads of Kafka; null where that is not known
 * @param offsets the next offset of each partition
 * @param bytes the size of its state
 * @param damages what is wrong with it, one line each
 */
public record RestorePoint(
        String jobId,
        long id,
        Kind kind,
        String path,
        Instant at,
        @Nullable Instant watermark,
        TopicOffsets offsets,
        long bytes,
        List<String> damages) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;

    /** What a point is. */
    public enum Kind {
        /** Flink deletes it when it has the next; that of a job which was cancelled or has failed stays. */
        CHECKPOINT,
        /** One that somebody asked for. */
        SAVEPOINT,
        /** A savepoint that was made by a schedule, and is deleted by its retention. */
        SCHEDULED;

        /** As people read it. */
        public String text() {
            return this == SCHEDULED ? "scheduled savepoint" : name().toLowerCase(Locale.ROOT);
        }
    }

    public RestorePoint {
        damages = List.copyOf(damages);
    }

    /** Whether all of it is there. */
    public boolean isComplete() {
        return damages.isEmpty();
    }

    /** The same with other damages. */
    RestorePoint withDamages(List<String> found) {
        return new RestorePoint(jobId, id, kind, path, at, watermark, offsets, bytes, found);
    }

    /** Its name in a catalog; names are in the order of time. */
    String name() {
        return "%013d-%s-%d".formatted(at.toEpochMilli(), jobId, id);
    }

    byte[] json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("pointVersion", VERSION);
        json.put("jobId", jobId);
        json.put("id", id);
        json.put("kind", kind.name().toLowerCase(Locale.ROOT));
        json.put("path", path);
        json.put("at", at.toString());
        if (watermark != null) {
            json.put("watermark", watermark.toString());
        }
        json.set("offsets", JSON.valueToTree(offsets.offsets()));
        json.put("bytes", bytes);
        damages.forEach(json.putArray("damages")::add);
        return json.toString().getBytes(UTF_8);
    }

    /**
     * Reads what {@link #json()} gives.
     *
     * @throws IOException if it is no point, or one of another version
     */
    static RestorePoint parse(byte[] text) throws IOException {
        JsonNode json = JSON.readTree(text);
        if (json.path("pointVersion").asInt() != VERSION) {
            throw new IOException(
                    "a restore point must be of version " + VERSION + ", but was " + new String(text, UTF_8));
        }
        List<String> damages = new ArrayList<>();
        json.path("damages").forEach(damage -> damages.add(damage.asText()));
        return new RestorePoint(
                json.path("jobId").asText(),
                json.path("id").asLong(),
                Kind.valueOf(json.path("kind").asText().toUpperCase(Locale.ROOT)),
                json.path("path").asText(),
                Instant.parse(json.path("at").asText()),
                json.has("watermark") ? Instant.parse(json.path("watermark").asText()) : null,
                TopicOffsets.parse(text(json.path("offsets"))),
                json.path("bytes").asLong(),
                damages);
    }

    private static String text(JsonNode json) throws JsonProcessingException {
        return JSON.writeValueAsString(json);
    }
}
