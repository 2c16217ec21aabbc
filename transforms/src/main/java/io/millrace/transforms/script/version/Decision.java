package io.millrace.transforms.script.version;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an entry of a control log.
 *
 * @param record the id of the record, or empty where it has none
 * @param problems why it is refused; none if it is accepted
 * @param effectiveFrom from which event time on it puts its version in force, or where it is refused would have; null where it is no record
 * @param version the version that it puts in force, or null where it is refused
 * @param repeated whether it is an accepted record once more, which changes nothing: time and version are those of the first
 */
public record Decision(
        String record,
        List<String> problems,
        @Nullable Instant effectiveFrom,
        @Nullable String version,
        boolean repeated) {

    public Decision {
        problems = List.copyOf(problems);
    }

    static Decision accepted(Activation activation) {
        return of(activation, false);
    }

    static Decision repeated(Activation activation) {
        return of(activation, true);
    }

    private static Decision of(Activation activation, boolean repeated) {
        return new Decision(
                activation.record(),
                List.of(),
                activation.effectiveFrom(),
                activation.version().id(),
                repeated);
    }

    static Decision refused(String record, @Nullable Instant effectiveFrom, List<String> problems) {
        return new Decision(record, problems, effectiveFrom, null, false);
    }

    /** Whether the record counts: it puts its version in force, or has done so before. */
    public boolean isAccepted() {
        return problems.isEmpty();
    }

    /** The same, as a route of a pipeline replies it. */
    public ControlReply reply(String pipeline, String route) {
        return new ControlReply(record, problems, effectiveFrom, version, pipeline, route);
    }
}
