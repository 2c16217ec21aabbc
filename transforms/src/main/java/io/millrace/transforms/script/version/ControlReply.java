package io.millrace.transforms.script.version;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a process that runs a route says of a control record; every process of the route says the same.
 *
 * @param record the record's id, or empty where it has none
 * @param problems why it is refused; none if it is accepted
 * @param effectiveFrom from which event time on it puts its version in force, or where it is refused would have; null where it is no record
 * @param version the version that it puts in force, or null where it is refused
 * @param pipeline the pipeline whose script it is
 * @param route the route whose script it is
 */
public record ControlReply(
        String record,
        List<String> problems,
        @Nullable Instant effectiveFrom,
        @Nullable String version,
        String pipeline,
        String route) {

    public ControlReply {
        problems = List.copyOf(problems);
    }

    /** Whether the record is accepted. */
    public boolean isAccepted() {
        return problems.isEmpty();
    }

    /**
     * Reads a reply's text.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ControlReply parse(String json) {
        return ControlReplyJson.read(json);
    }

    /** Reads a text that may be a reply; nothing if it is none. */
    public static Optional<ControlReply> find(String json) {
        try {
            return Optional.of(parse(json));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The reply as a JSON object on one line: {@code record, outcome, problems, effectiveFrom, version, pipeline, route}. */
    public String toJson() {
        return ControlReplyJson.write(this);
    }
}
