package io.millrace.pipelines.join.trace;

/**
 * A setting with which it would have come otherwise.
 *
 * @param setting where it stands in the join
 * @param value what it would have to be
 */
public record Fix(String setting, String value) {
    @Override
    public String toString() {
        return setting + ": " + value;
    }
}
