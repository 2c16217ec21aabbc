package io.millrace.pipelines.join.trace;

import io.millrace.transforms.joiner.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The explanation of a key as lines for people. */
public final class ExplanationText {
    /** So many of the left events that a right one was not given are told one by one, the nearest ones. */
    static final int ONE_BY_ONE = 20;

    private final List<String> lines = new ArrayList<>();

    private ExplanationText() {}

    /** The lines. */
    public static List<String> of(String join, KeyExplanation explanation) {
        ExplanationText text = new ExplanationText();
        text.head(join, explanation);
        text.lines.addAll(table(explanation.traces()));
        explanation.rights().forEach(text::right);
        text.nobodys(explanation.nobodys());
        return List.copyOf(text.lines);
    }

    private void head(String join, KeyExplanation explanation) {
        lines.add("key " + explanation.key() + " of join " + join + ": "
                + Words.count(explanation.traces().size(), "trace", "traces"));
        lines.add("");
    }

    private static List<String> table(List<Trace> traces) {
        Columns table = Columns.ofTexts("at", "what", "side", "event time", "id", "watermark", "behind it");
        traces.forEach(trace -> table.add(
                Words.time(trace.at().getMillis()),
                what(trace),
                trace.side().name().toLowerCase(Locale.ROOT),
                Words.time(trace.time().getMillis()),
                trace.id().isEmpty() ? "-" : trace.id(),
                Words.time(trace.watermark().getMillis()),
                behind(trace)));
        return table.lines();
    }

    private static String what(Trace trace) {
        int lefts = trace.lefts().size();
        return switch (trace.step()) {
            case TAKEN -> "arrived";
            case DUPLICATE -> "duplicate, dropped";
            case LATE -> "late";
            case OVER_LIMIT -> "over the limit";
            case NO_TIME -> "without a time";
            case COMPLETE -> "joined with " + lefts;
            case EARLY -> "joined at once with " + lefts;
            case CORRECTION -> "corrected, with " + lefts;
            case RETRACTION -> "taken back";
            case UNMATCHED -> "unmatched";
            case FORGOTTEN -> "forgotten";
        };
    }

    private static String behind(Trace trace) {
        long watermark = trace.watermark().getMillis();
        long behind = watermark - trace.time().getMillis();
        boolean came = ToldEvents.ARRIVALS.contains(trace.step());
        return came && Words.isTime(watermark) && behind > 0 ? Words.span(behind) : "-";
    }

    private void right(RightEvent right) {
        lines.add("");
        String fixes = right.fixes().isEmpty() ? "" : ": " + Fix.together(right.fixes()) + " would have taken it";
        lines.add("right " + right.event().name() + " " + right.outcome() + fixes + again(right.event()));
        right.given()
                .forEach(left ->
                        lines.add("  given " + left.name() + ", " + distance(left, right.event()) + again(left)));
        right.untold()
                .forEach(time ->
                        lines.add("  given one of " + Words.time(time) + ", of which it is not told that it came"));
        right.notGiven().stream()
                .sorted(Comparator.comparingLong(
                        one -> Math.abs(one.left().time() - right.event().time())))
                .limit(ONE_BY_ONE)
                .sorted(Comparator.comparing(NotGiven::left, ToldEvent.ORDER))
                .forEach(one -> lines.add("  not given " + one.left().name() + ": " + one.why()));
        int more = right.notGiven().size() - ONE_BY_ONE;
        if (more > 0) {
            lines.add("  not given " + Words.count(more, "other, further away", "others, further away")
                    + ": --json tells of each");
        }
    }

    private static String distance(ToldEvent left, ToldEvent right) {
        long distance = right.time() - left.time();
        return distance < 0 ? Words.span(-distance) + " after it" : Words.span(distance) + " before it";
    }

    private static String again(ToldEvent event) {
        return event.arrivals() > 1 ? ", which came " + event.arrivals() + " times and counts once" : "";
    }

    private void nobodys(List<NotGiven> nobodys) {
        if (nobodys.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(Words.count(
                nobodys.size(), "left event that no right one was given", "left events that no right one was given"));
        nobodys.forEach(
                one -> lines.add("  " + one.left().name() + again(one.left()) + ": " + nearest(one) + one.why()));
    }

    private static String nearest(NotGiven one) {
        ToldEvent right = one.right();
        if (right == null) {
            return "";
        }
        return (right.time() < one.left().time() ? "the last right one is " : "the next right one is ") + right.name()
                + ": ";
    }
}
