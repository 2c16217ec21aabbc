package io.millrace.pipelines.join.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows as lines, their cells one below the other. */
final class Columns {
    private final boolean areNumbers;
    private final List<List<String>> rows = new ArrayList<>();

    private Columns(boolean areNumbers, List<String> titles) {
        this.areNumbers = areNumbers;
        rows.add(titles);
    }

    /** Columns of texts. */
    static Columns ofTexts(String... titles) {
        return new Columns(false, List.of(titles));
    }

    /** Columns of numbers, which end one below the other, all but the first. */
    static Columns ofNumbers(String... titles) {
        return new Columns(true, List.of(titles));
    }

    void add(String... cells) {
        rows.add(List.of(cells));
    }

    List<String> lines() {
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            boolean toTheRight = areNumbers && column > 0;
            String format = "%" + (toTheRight ? "" : "-") + width(column) + "s";
            line.append(column == 0 ? "" : "  ").append(String.format(Locale.ROOT, format, row.get(column)));
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
    }
}
