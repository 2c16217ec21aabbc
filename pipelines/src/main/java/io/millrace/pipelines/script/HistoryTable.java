package io.millrace.pipelines.script;

import io.millrace.pipelines.script.ControlHistory.Line;
import io.millrace.transforms.script.version.Activation;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlRecordException;
import io.millrace.transforms.script.version.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The history of a script as a table for people. */
public final class HistoryTable {
    private static final List<String> TITLES = List.of("record", "published", "effective from", "author", "outcome");
    private static final String UNKNOWN = "-";

    private HistoryTable() {}

    /** A line for each record, and which is in force for events of a time. */
    public static List<String> of(ControlHistory history, Instant now) {
        String inForce = history.at(now).map(Activation::record).orElse("");
        List<List<String>> rows = new ArrayList<>(List.of(TITLES));
        String first = history.timeline().accepted().stream()
                .map(Activation::record)
                .findFirst()
                .orElse("");
        history.lines().forEach(line -> rows.add(row(line, inForce, first)));
        return rows.stream().map(row -> text(row, rows)).toList();
    }

    private static List<String> row(Line line, String inForce, String first) {
        Optional<ControlRecord> control = record(line.entry().text());
        return List.of(
                line.decision().record().isEmpty() ? UNKNOWN : line.decision().record(),
                text(line.entry().published()),
                effectiveFrom(line.decision(), control, first),
                control.map(ControlRecord::author).orElse(UNKNOWN),
                outcome(line.decision(), control, inForce));
    }

    /** The first version counts for all events before its time, too. */
    private static String effectiveFrom(Decision decision, Optional<ControlRecord> control, String first) {
        String time = text(control.map(ControlRecord::effectiveFrom).orElse(null));
        boolean isFirst = decision.isAccepted()
                && !decision.repeated()
                && decision.record().equals(first);
        return isFirst ? "the beginning (" + time + ")" : time;
    }

    private static Optional<ControlRecord> record(String text) {
        try {
            return Optional.of(ControlRecord.parse(text));
        } catch (ControlRecordException e) {
            return Optional.empty();
        }
    }

    private static String text(@Nullable Instant time) {
        return time == null ? UNKNOWN : time.toString();
    }

    private static String outcome(Decision decision, Optional<ControlRecord> control, String inForce) {
        if (!decision.isAccepted()) {
            return "refused: " + String.join("; ", decision.problems());
        }
        if (decision.repeated()) {
            return "repeated, changes nothing";
        }
        String again = control.map(ControlRecord::version)
                .map(version -> ", version " + version + " again")
                .orElse("");
        String reason =
                control.map(ControlRecord::reason).map(why -> ": " + why).orElse("");
        return "accepted" + (decision.record().equals(inForce) ? ", in force now" : "") + again + reason;
    }

    private static String text(List<String> row, List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < row.size() - 1; column++) {
            int at = column;
            int width =
                    rows.stream().mapToInt(one -> one.get(at).length()).max().orElse(0);
            text.append(String.format("%-" + width + "s  ", row.get(column)));
        }
        return text.append(row.get(row.size() - 1)).toString();
    }
}
