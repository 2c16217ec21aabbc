package io.millrace.pipelines.join.trace;

import java.util.List;

/**
 * Why a left event was not given to a right one.
 *
 * @param text it, as a part of a sentence
 * @param fixes what all would have to be set for it not to be a cause; empty where no setting helps
 */
public record Cause(String text, List<Fix> fixes) {
    public Cause {
        fixes = List.copyOf(fixes);
    }

    static Cause of(String text) {
        return new Cause(text, List.of());
    }

    static Cause of(String text, Fix fix) {
        return new Cause(text, List.of(fix));
    }
}
