package io.millrace.pipelines.rewind;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.pipelines.router.TopicOffsets;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One time that a job is taken back to a restore point: all that was chosen for it, and how far it has come. Whoever finds it can go on with it, since every
 * id is in it before it is used.
 *
 * @param epoch the job's epoch from then on, which is also what this is known by
 * @param to the moment that was asked for
 * @param undoes whether it takes back the one before
 * @param point where the job begins again
 * @param before the id of the job that ran, or had run last; empty where none is known
 * @param undo what that job had come to when it was stopped; null until it is, or where it left nothing
 * @param reached how far that job may have read: what is beyond it has left nothing in a sink; nothing until it is stopped
 * @param startedWith with what it begins, {@link io.millrace.pipelines.router.StartedWith#text()}
 * @param source what becomes of the source, as {@code --source} has it
 * @param lineage the lineage of the run
 * @param jobId the id of the job that begins
 * @param step how far this has come
 */
public record Rewind(
        long epoch,
        Instant to,
        boolean undoes,
        RestorePoint point,
        String before,
        @Nullable RestorePoint undo,
        TopicOffsets reached,
        String startedWith,
        String source,
        String lineage,
        String jobId,
        Step step) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;

    /** How far a rewind has come. */
    public enum Step {
        /** All is chosen; the job that ran goes on. */
        PLANNED,
        /** The job that ran is about to stop, or has. */
        STOPPING,
        /** The job that ran is no more, and none of its tasks writes; the one of this may have begun. */
        STOPPED,
        /** The job of this runs, and has completed a checkpoint; it reads again what came since the point. */
        RUNS,
        /** It has read all of that, and what it did not make again is removed. */
        DONE,
        /** Nothing has come of it: the job that ran goes on. */
        GIVEN_UP
    }

    /** Whether nothing is left to do. */
    public boolean isOver() {
        return step == Step.DONE || step == Step.GIVEN_UP;
    }

    /** Whether its job has begun, and completed a checkpoint. */
    public boolean hasBegun() {
        return step == Step.RUNS || step == Step.DONE;
    }

    /** The same, further on. */
    public Rewind at(Step further) {
        return new Rewind(
                epoch, to, undoes, point, before, undo, reached, startedWith, source, lineage, jobId, further);
    }

    /** The same, of a job that is about to stop. */
    public Rewind stopping(String stoppedId) {
        return new Rewind(
                epoch, to, undoes, point, stoppedId, undo, reached, startedWith, source, lineage, jobId, Step.STOPPING);
    }

    /**
     * The same, of a job that has been stopped.
     *
     * @param left what it has left
     * @param upTo how far it may have read
     */
    public Rewind stopped(String stoppedId, @Nullable RestorePoint left, TopicOffsets upTo) {
        return new Rewind(
                epoch, to, undoes, point, stoppedId, left, upTo, startedWith, source, lineage, jobId, Step.STOPPED);
    }

    /** The same, whose job has another id. */
    public Rewind as(String id) {
        return new Rewind(epoch, to, undoes, point, before, undo, reached, startedWith, source, lineage, id, step);
    }

    /** The same, with another choice of what the job reads. */
    public Rewind reading(String which) {
        return new Rewind(epoch, to, undoes, point, before, undo, reached, startedWith, which, lineage, jobId, step);
    }

    /** Its name in a catalog; names are in the order of epochs. */
    String name() {
        return name(epoch);
    }

    /** The name of that of an epoch. */
    static String name(long epoch) {
        return "%06d".formatted(epoch);
    }

    byte[] json() {
        return tree().toString().getBytes(UTF_8);
    }

    /** As an object in others. */
    ObjectNode tree() {
        ObjectNode json = JSON.createObjectNode();
        json.put("rewindVersion", VERSION);
        json.put("epoch", epoch);
        json.put("to", to.toString());
        json.put("undoes", undoes);
        json.set("point", point.tree());
        json.put("before", before);
        if (undo != null) {
            json.set("undo", undo.tree());
        }
        json.set("reached", JSON.valueToTree(reached.offsets()));
        json.put("startedWith", startedWith);
        json.put("source", source);
        json.put("lineage", lineage);
        json.put("jobId", jobId);
        json.put("step", step.name().toLowerCase(Locale.ROOT));
        return json;
    }

    /**
     * Reads what {@link #json()} gives.
     *
     * @throws IOException if it is none, or one of another version
     */
    static Rewind parse(byte[] text) throws IOException {
        return parse(JSON.readTree(text));
    }

    /** Reads what {@link #tree()} gives. */
    static Rewind parse(JsonNode json) throws IOException {
        if (json.path("rewindVersion").asInt() != VERSION) {
            throw new IOException("a rewind must be of version " + VERSION + ", but was " + json);
        }
        return new Rewind(
                json.path("epoch").asLong(),
                Instant.parse(json.path("to").asText()),
                json.path("undoes").asBoolean(),
                RestorePoint.parse(json.path("point")),
                json.path("before").asText(),
                json.has("undo") ? RestorePoint.parse(json.path("undo")) : null,
                TopicOffsets.of(json.path("reached")),
                json.path("startedWith").asText(),
                json.path("source").asText(),
                json.path("lineage").asText(),
                json.path("jobId").asText(),
                Step.valueOf(json.path("step").asText().toUpperCase(Locale.ROOT)));
    }
}
