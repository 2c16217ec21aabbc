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
 * One time that a range of a job's input is restated: all that was chosen for it, and how far it has come. Whoever finds it can go on with it.
 *
 * @param beginning as what its own job begins, as if the job were rewound: {@code to} is where the range begins, and {@code epoch} the one in which corrections are published
 * @param to where the range was asked to end
 * @param until the offsets at which it ends
 * @param furthest how far event time had come there, in the partition in which it had come furthest; null where that is not known
 * @param settled how far event time must have come for all to be written that comes of the range; null where nothing is held, or it is not known yet
 * @param reached how far its own job has read; nothing until it has read all that is needed
 * @param run its own job
 * @param step how far this has come
 */
public record Restatement(
        Rewind beginning,
        Instant to,
        TopicOffsets until,
        @Nullable Instant furthest,
        @Nullable Instant settled,
        TopicOffsets reached,
        SideRun run,
        Step step) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;

    /** How far a restatement has come. */
    public enum Step {
        /** Its own job may run. */
        RUNS,
        /** Its own job has read all and written all that comes of it, and is no more. */
        MADE,
        /** What differs has been put into the sinks. */
        PUBLISHED,
        /** It was ended before it was made. */
        GIVEN_UP
    }

    /** The epoch in which its corrections are published, which is also what this is known by. */
    public long epoch() {
        return beginning.epoch();
    }

    /** Where the range begins: the offsets of the point. */
    public TopicOffsets from() {
        return beginning.point().offsets().withPartitionsOf(until);
    }

    /** Whether its own job has written all. */
    public boolean isMade() {
        return step == Step.MADE || step == Step.PUBLISHED;
    }

    /** Whether it restates the same with the same. */
    public boolean isSame(Restatement other) {
        return beginning.to().equals(other.beginning.to())
                && to.equals(other.to)
                && beginning.startedWith().equals(other.beginning.startedWith());
    }

    /** The same, further on. */
    public Restatement at(Step further) {
        return new Restatement(beginning, to, until, furthest, settled, reached, run, further);
    }

    /** The same, ending at some offsets, and where event time had come to there. */
    public Restatement endingAt(TopicOffsets offsets, @Nullable Instant at) {
        return new Restatement(beginning, to, offsets, at, settled, reached, run, step);
    }

    /** The same with another job of its own. */
    public Restatement with(SideRun other) {
        return new Restatement(beginning.as(other.jobId()), to, until, furthest, settled, reached, other, step);
    }

    /** The same, whose own job has read so far. */
    public Restatement made(TopicOffsets upTo, @Nullable Instant settledAt) {
        return new Restatement(beginning, to, until, furthest, settledAt, upTo, run, Step.MADE);
    }

    /** Its name in a catalog; names are in the order of epochs. */
    String name() {
        return beginning.name();
    }

    byte[] json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("restatementVersion", VERSION);
        json.set("beginning", beginning.tree());
        json.put("to", to.toString());
        json.set("until", JSON.valueToTree(until.offsets()));
        put("furthest", furthest, json);
        put("settled", settled, json);
        json.set("reached", JSON.valueToTree(reached.offsets()));
        json.set("run", run.tree());
        json.put("step", step.name().toLowerCase(Locale.ROOT));
        return json.toString().getBytes(UTF_8);
    }

    /**
     * Reads what {@link #json()} gives.
     *
     * @throws IOException if it is none, or one of another version
     */
    static Restatement parse(byte[] text) throws IOException {
        JsonNode json = JSON.readTree(text);
        if (json.path("restatementVersion").asInt() != VERSION) {
            throw new IOException(
                    "a restatement must be of version " + VERSION + ", but was " + new String(text, UTF_8));
        }
        return new Restatement(
                Rewind.parse(json.path("beginning")),
                Instant.parse(json.path("to").asText()),
                TopicOffsets.of(json.path("until")),
                time("furthest", json),
                time("settled", json),
                TopicOffsets.of(json.path("reached")),
                SideRun.parse(json.path("run")),
                Step.valueOf(json.path("step").asText().toUpperCase(Locale.ROOT)));
    }

    private static void put(String field, @Nullable Instant time, ObjectNode json) {
        if (time != null) {
            json.put(field, time.toString());
        }
    }

    private static @Nullable Instant time(String field, JsonNode json) {
        return json.has(field) ? Instant.parse(json.path(field).asText()) : null;
    }
}
