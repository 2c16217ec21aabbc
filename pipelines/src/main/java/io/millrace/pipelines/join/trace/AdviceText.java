package io.millrace.pipelines.join.trace;

import static java.util.stream.Collectors.joining;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.pipelines.join.trace.Advice.Basis;
import io.millrace.pipelines.join.trace.Advice.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Advice on a join as lines for people. */
public final class AdviceText {
    /** More right events than this share, so near the first event that is told of, are worth a note. */
    private static final double MANY = 0.1;

    private final JoinSpec join;
    private final Advice advice;
    private final Basis basis;
    private final List<String> lines = new ArrayList<>();

    private AdviceText(JoinSpec join, Advice advice) {
        this.join = join;
        this.advice = advice;
        this.basis = advice.basis();
    }

    /** The lines. */
    public static List<String> of(String name, JoinSpec join, Advice advice) {
        AdviceText text = new AdviceText(join, advice);
        text.head(name);
        text.table();
        text.notes();
        text.lateness();
        return List.copyOf(text.lines);
    }

    private void head(String name) {
        lines.add("join " + name + ": how far a left event may be before a right one, and what comes of it");
        String drawn = basis.share() > 0
                ? ", drawn with share: " + number(basis.share())
                : ", which were traced by name and not drawn";
        lines.add("based on " + Words.count(basis.keys(), "key", "keys") + drawn + ": "
                + Words.count(basis.lefts(), "left event", "left events") + " and "
                + Words.count(basis.rights(), "right one", "right ones") + " of event times from "
                + Words.time(basis.from()) + " to " + Words.time(basis.to()) + ", "
                + Words.span(basis.to() - basis.from()));
        lines.add("");
    }

    private static String number(double share) {
        return new BigDecimal(Double.toString(share)).stripTrailingZeros().toPlainString();
    }

    private void table() {
        Columns table = Columns.ofNumbers(
                "bound", "right events with a left one", "left events given", "left events kept", "bytes kept");
        advice.rows()
                .forEach(row -> table.add(
                        Duration.ofMillis(row.bound()) + (row.isOfSpec() ? " *" : ""),
                        percent(row.rights(), basis.rights()),
                        percent(row.lefts(), basis.lefts()),
                        String.format(Locale.ROOT, "%,d", Math.round(row.events())),
                        String.format(Locale.ROOT, "%,d", Math.round(bytes(row)))));
        lines.addAll(table.lines());
        lines.add("");
        lines.add("* what the spec has: "
                + Stream.of(
                                setting("left.waits", join.left().waits()),
                                setting("right.looksBack", join.right().looksBack()))
                        .flatMap(Optional::stream)
                        .collect(joining(", ")));
    }

    private static Optional<String> setting(String name, @Nullable Duration value) {
        return Optional.ofNullable(value).map(set -> name + ": " + set);
    }

    private double bytes(Row row) {
        return row.events() * (basis.content() + Advice.BYTES_OF_EVENT) + row.keys() * Advice.BYTES_OF_KEY;
    }

    private static String percent(long part, long of) {
        return of == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / of);
    }

    private void notes() {
        lines.add("kept, at a time and on average, of " + (basis.share() > 0 ? "all keys" : "these keys alone") + ": "
                + String.format(Locale.ROOT, "%.0f", basis.content())
                + " bytes of content of an event and " + Advice.BYTES_OF_EVENT + " besides, " + Advice.BYTES_OF_KEY
                + " of a key; " + lag());
        if (basis.named() > 0) {
            lines.add("left out: " + Words.count(basis.named(), "key", "keys")
                    + " that traces.keys names, which were not drawn");
        }
        if (join.granule() != null) {
            lines.add("granule: " + join.granule()
                    + " is left out of account: with it less is kept, and a bound is shorter by that at most");
        }
        cutOff().ifPresent(row -> lines.add("note: from " + Duration.ofMillis(row.bound())
                + " on delays are cut off by what is told: " + percent(row.cutOff(), basis.rights())
                + " of the right events came less than that after the first event of the traces, so left ones of theirs may"
                + " be missing, and likewise right ones at the end"));
    }

    private String lag() {
        return basis.lag() < 0
                ? "how far the watermark lags is not known, since it had not set out when events came, as where files are"
                        + " read, and is taken as nothing"
                : "the watermark was " + Words.span(basis.lag()) + " behind the newest event on average";
    }

    private Optional<Row> cutOff() {
        return advice.rows().stream()
                .filter(row -> row.cutOff() > MANY * basis.rights())
                .findFirst();
    }

    private void lateness() {
        lines.add("");
        Lateness lateness = advice.lateness();
        if (lateness.events() == 0) {
            lines.add(
                    "how late events came is not known: the watermark had not set out when they came, as where files are read");
        } else if (lateness.behind() == 0) {
            lines.add("none of " + Words.count(lateness.events(), "event", "events")
                    + " came behind the watermark: the nearest was " + ahead(lateness.ahead())
                    + " ahead of it, so much shorter the sources' maxOutOfOrderness could be");
        } else {
            lines.add(percent(lateness.behind(), lateness.events()) + " of "
                    + Words.count(lateness.events(), "event", "events") + " came behind the watermark, 99 % by "
                    + Words.span(lateness.ofMost()) + " at most, all by " + Words.span(lateness.most()));
            lines.add("allowedLateness: " + Words.span(lateness.most())
                    + " would have taken all of them, allowedLateness: " + Words.span(lateness.ofMost())
                    + " 99 %; the spec has " + join.allowedLateness()
                    + "; so would a maxOutOfOrderness of the sources that is longer by as much");
        }
    }

    /** Rounded down, so that it is not too much. */
    private static String ahead(long millis) {
        return Duration.ofSeconds(millis / 1000).toString();
    }
}
