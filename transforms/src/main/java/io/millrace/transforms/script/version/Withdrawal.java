package io.millrace.transforms.script.version;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a version that fails is withdrawn: by putting in force again the one before it, of those that were not withdrawn themselves since a
 * person last named them. So versions that fail in turn do not follow each other for ever.
 *
 * @param id the id of the control record: every process gives the same for what one record put in force
 * @param to the id of the version to go back to; null where there is none
 */
record Withdrawal(String id, @Nullable String to) {

    /** The withdrawal of what is in force, or null where something else is at an event time. */
    static @Nullable Withdrawal of(Timeline timeline, Activation failing, Instant at) {
        Timeline.Span span = timeline.at(at.toEpochMilli());
        if (span == null || !span.activation().equals(failing)) {
            return null;
        }
        Set<String> withdrawn = withdrawn(timeline);
        String to = timeline.backFrom(at).stream()
                .map(activation -> activation.version().id())
                .filter(version -> !version.equals(failing.version().id()) && !withdrawn.contains(version))
                .findFirst()
                .orElse(null);
        return new Withdrawal(ControlRecord.WITHDRAWN + failing.record(), to);
    }

    private static Set<String> withdrawn(Timeline timeline) {
        Set<String> withdrawn = new HashSet<>();
        for (Activation activation : timeline.accepted()) {
            if (activation.withdrawal()) {
                String failed = activation.record().substring(ControlRecord.WITHDRAWN.length());
                timeline.activation(failed)
                        .ifPresent(one -> withdrawn.add(one.version().id()));
            } else {
                withdrawn.remove(activation.version().id());
            }
        }
        return withdrawn;
    }
}
