package io.millrace.pipelines.join.trace;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.List;

/**
 * A setting with which it would have come otherwise.
 *
 * @param setting where it stands in the join
 * @param value what it would have to be
 * @param amount the same as a number, of a duration in milliseconds; 0 where it is a word
 */
public record Fix(String setting, String value, long amount) {

    static Fix word(String setting, String value) {
        return new Fix(setting, value, 0);
    }

    static Fix number(String setting, long amount) {
        return new Fix(setting, String.valueOf(amount), amount);
    }

    /** A duration of so many milliseconds, in whole seconds. */
    static Fix span(String setting, long millis) {
        String value = Words.span(millis);
        return new Fix(setting, value, Duration.parse(value).toMillis());
    }

    /** Several that all have to be so. */
    static String together(List<Fix> fixes) {
        return fixes.stream().map(Fix::toString).collect(joining(" with "));
    }

    @Override
    public String toString() {
        return setting + ": " + value;
    }
}
