package io.millrace.benchmarks.expression;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One filter and projection over one kind of document.
 *
 * @param predicates how many the filter has, all joined by "and"
 * @param shape of the documents
 * @param bytes how long a document is, about
 * @param anyOrder whether each document has its fields in an order of its own
 */
record Case(int predicates, Shape shape, int bytes, boolean anyOrder) {
    private static final Pattern FIELD = Pattern.compile("\\{(\\w+)}");
    private static final List<String> ONE = List.of("{duration} > 60");
    private static final List<String> FIVE =
            List.of("{duration} > 60", "{country} in ['US', 'CA']", "{device} == 'tv'", "{hd}", "{bitrate} >= 2.5");
    private static final List<String> TWENTY = List.of(
            "{duration} > 60",
            "{duration} < 14400",
            "{position} >= 0",
            "{position} < 14400",
            "{bitrate} >= 2.5",
            "{bitrate} <= 25.0",
            "{ts} >= 1767225600000",
            "{ts} < 1798761600000",
            "{country} in ['US', 'CA']",
            "{country} != 'XX'",
            "{device} in ['tv', 'phone', 'tablet']",
            "{device} != 'console'",
            "{os} in ['android', 'ios', 'tvos']",
            "{os} != 'windows'",
            "{app}.startsWith('8.')",
            "{app} != '8.0.0'",
            "{hd}",
            "{user}.startsWith('u-')",
            "{title}.startsWith('t-')",
            "{id}.startsWith('p-')");
    private static final List<String> KEPT = List.of("id", "user", "title", "duration");

    /** Ours. */
    Job ours() {
        return new Evaluated(filter(), KEPT.stream().map(shape::path).toList());
    }

    /** Ours with nothing to read, to see what it costs to check and skip the bytes. */
    static Job skipping() {
        return new Evaluated("has(event.none)", List.of("none"));
    }

    /** The same as ours in Java for just this case. */
    Job byHand() {
        boolean flat = shape == Shape.FLAT;
        return switch (predicates) {
            case 1 -> flat ? new FlatByHand.One() : new NestedByHand.One();
            case 5 -> flat ? new FlatByHand.Five() : new NestedByHand.Five();
            default -> flat ? new FlatByHand.Twenty() : new NestedByHand.Twenty();
        };
    }

    /** The same as {@link JobMeasurement} has it. */
    Map<String, String> parameters() {
        return Map.of(
                "predicates",
                Integer.toString(predicates),
                "shape",
                shape.name(),
                "bytes",
                Integer.toString(bytes),
                "anyOrder",
                Boolean.toString(anyOrder));
    }

    @Override
    public String toString() {
        return "%s%s, %s, %d %s"
                .formatted(
                        shape.name().toLowerCase(Locale.ROOT),
                        anyOrder ? " in any order" : "",
                        bytes < 1000 ? bytes + " B" : bytes / 1000 + " KB",
                        predicates,
                        predicates == 1 ? "predicate" : "predicates");
    }

    private String filter() {
        return switch (predicates) {
            case 1 -> filter(ONE);
            case 5 -> filter(FIVE);
            default -> filter(TWENTY);
        };
    }

    private String filter(List<String> texts) {
        return texts.stream().map(this::predicate).collect(Collectors.joining(" && "));
    }

    private String predicate(String text) {
        return FIELD.matcher(text).replaceAll(field -> Matcher.quoteReplacement("event." + shape.path(field.group(1))));
    }
}
