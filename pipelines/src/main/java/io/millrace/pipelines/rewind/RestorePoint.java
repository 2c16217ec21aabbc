package io.millrace.pipelines.rewind;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.CompletedState;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.SavedState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
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
 * @param furthest how far in the partition in which it had come furthest; null where that is not known
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
        @Nullable Instant furthest,
        TopicOffsets offsets,
        long bytes,
        List<String> damages) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 2; // 1 had times as texts

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

    /**
     * What a job has completed, read where it is; nothing if it is there no more.
     *
     * @throws FlinkClusterException if it is there, and cannot be read
     */
    public static Optional<RestorePoint> of(Restorable job, CompletedState completed, Kind kind) {
        try {
            SavedState state = SavedState.at(completed.path());
            Reached reached = Reached.of(state, job.stepsBesideSources());
            List<String> damages =
                    completed.isSavepoint() ? state.damages() : List.of(); // Flink has just completed a checkpoint
            return damages.isEmpty() || SavedState.exists(completed.path())
                    ? Optional.of(new RestorePoint(
                            job.id(),
                            completed.id(),
                            kind,
                            completed.path(),
                            Instant.ofEpochMilli(completed.triggeredMillis()),
                            reached.watermark,
                            reached.furthest,
                            reached.offsets,
                            state.bytes(),
                            damages))
                    : Optional.empty();
        } catch (FlinkClusterException e) {
            if (SavedState.exists(completed.path())) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** How far a job had read. */
    private record Reached(
            TopicOffsets offsets,
            @Nullable Instant watermark,
            @Nullable Instant furthest) {
        static Reached of(SavedState state, Collection<String> but) {
            List<CheckpointMark> marks = state.streamsBegun(but);
            try {
                return new Reached(
                        TopicOffsets.parse(KafkaEvents.offsets(marks)),
                        KafkaEvents.watermark(marks).orElse(null),
                        KafkaEvents.furthestWatermark(marks).orElse(null));
            } catch (IllegalArgumentException e) {
                return new Reached(TopicOffsets.NONE, null, null); // not all partitions of a topic had been begun
            }
        }
    }

    /** Whether all of it is there. */
    public boolean isComplete() {
        return damages.isEmpty();
    }

    /** What is wrong with it now, one line each; that its index cannot be read is such a thing. */
    public List<String> damagesNow() {
        try {
            return SavedState.at(path).damages();
        } catch (FlinkClusterException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** The same with other damages. */
    RestorePoint withDamages(List<String> found) {
        return new RestorePoint(jobId, id, kind, path, at, watermark, furthest, offsets, bytes, found);
    }

    /** Its name in a catalog; names are in the order of time. */
    String name() {
        return "%013d-%s-%d".formatted(at.toEpochMilli(), jobId, id);
    }

    /** The time in the name of a point. */
    static Instant timeOf(String name) {
        return Instant.ofEpochMilli(Long.parseLong(name.substring(0, name.indexOf('-'))));
    }

    byte[] json() {
        return tree().toString().getBytes(UTF_8);
    }

    /** As an object in others. */
    ObjectNode tree() {
        ObjectNode json = JSON.createObjectNode();
        json.put("pointVersion", VERSION);
        json.put("jobId", jobId);
        json.put("id", id);
        json.put("kind", kind.name().toLowerCase(Locale.ROOT));
        json.put("path", path);
        json.put("atMillis", at.toEpochMilli());
        put("watermarkMillis", watermark, json);
        put("furthestMillis", furthest, json);
        json.set("offsets", JSON.valueToTree(offsets.offsets()));
        json.put("bytes", bytes);
        damages.forEach(json.putArray("damages")::add);
        return json;
    }

    /**
     * Reads what {@link #json()} gives.
     *
     * @throws IOException if it is no point, or one of another version
     */
    static RestorePoint parse(byte[] text) throws IOException {
        return parse(JSON.readTree(text));
    }

    /** Reads what {@link #tree()} gives. */
    static RestorePoint parse(JsonNode json) throws IOException {
        if (json.path("pointVersion").asInt() != VERSION) {
            throw new IOException("a restore point must be of version " + VERSION + ", but was " + json);
        }
        List<String> damages = new ArrayList<>();
        json.path("damages").forEach(damage -> damages.add(damage.asText()));
        return new RestorePoint(
                json.path("jobId").asText(),
                json.path("id").asLong(),
                Kind.valueOf(json.path("kind").asText().toUpperCase(Locale.ROOT)),
                json.path("path").asText(),
                Instant.ofEpochMilli(json.path("atMillis").asLong()),
                time("watermarkMillis", json),
                time("furthestMillis", json),
                TopicOffsets.of(json.path("offsets")),
                json.path("bytes").asLong(),
                damages);
    }

    private static void put(String field, @Nullable Instant time, ObjectNode json) {
        if (time != null) {
            json.put(field, time.toEpochMilli());
        }
    }

    private static @Nullable Instant time(String field, JsonNode json) {
        return json.has(field) ? Instant.ofEpochMilli(json.path(field).asLong()) : null;
    }
}
