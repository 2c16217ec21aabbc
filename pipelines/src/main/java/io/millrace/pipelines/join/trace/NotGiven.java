package io.millrace.pipelines.join.trace;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A left event, and why a right one was not given it.
 *
 * @param left the left event
 * @param right the right one; null if the key has none
 * @param causes all that stood in the way
 */
public record NotGiven(ToldEvent left, @Nullable ToldEvent right, List<Cause> causes) {
    public NotGiven {
        causes = List.copyOf(causes);
    }

    /** What all would have to be set for the right event to be given it; empty where no setting would do. */
    public List<Fix> fixes() {
        boolean isHopeless = causes.stream().anyMatch(cause -> cause.fixes().isEmpty());
        return isHopeless ? List.of() : together();
    }

    private List<Fix> together() {
        Map<String, Fix> bySetting = new LinkedHashMap<>();
        causes.stream()
                .flatMap(cause -> cause.fixes().stream())
                .forEach(fix -> bySetting.merge(fix.setting(), fix, NotGiven::larger));
        return List.copyOf(bySetting.values());
    }

    /** Both events may need the same. */
    private static Fix larger(Fix one, Fix other) {
        return one.amount() >= other.amount() ? one : other;
    }

    /** Why, as a sentence. */
    String why() {
        String why = causes.stream().map(Cause::text).collect(joining("; "));
        List<Fix> fixes = fixes();
        return fixes.isEmpty() ? why : why + ": " + Fix.together(fixes) + " would have joined them";
    }
}
