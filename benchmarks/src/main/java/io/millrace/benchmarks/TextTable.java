package io.millrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in Markdown, readable as it is: the first column to the left, the others to the right. */
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    private TextTable(List<String> header) {
        rows.add(header);
    }

    /** A table with these columns. */
    public static TextTable of(String... columns) {
        return new TextTable(List.of(columns));
    }

    /** Appends a row. */
    public TextTable row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    @Override
    public String toString() {
        int columns = rows.get(0).size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder(line(rows.get(0), widths));
        text.append(IntStream.range(0, columns)
                .mapToObj(column -> "-".repeat(widths[column] + 1) + (column == 0 ? "-" : ":"))
                .collect(Collectors.joining("|", "|", "|" + System.lineSeparator())));
        rows.stream().skip(1).forEach(row -> text.append(line(row, widths)));
        return text.toString();
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> pad(row.get(column), widths[column], column == 0))
                .collect(Collectors.joining(" | ", "| ", " |" + System.lineSeparator()));
    }

    private static String pad(String cell, int width, boolean left) {
        String space = " ".repeat(width - cell.length());
        return left ? cell + space : space + cell;
    }
}
