package io.millrace.pipelines.script;

import io.millrace.transforms.expression.Problem;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line of a script that a message speaks of, with a mark under the column. */
public final class SourceLine {
    private static final Pattern PLACE = Pattern.compile("\\bline (\\d+)(?:, column (\\d+))?");
    private static final int WIDTH = 100;

    private final String line;
    private final int column;

    private SourceLine(String line, int column) {
        this.line = line;
        this.column = column;
    }

    /** The line of a problem, and under it the mark; nothing where the script has no such line. */
    public static List<String> of(String source, Problem problem) {
        return of(source, problem.line(), problem.column());
    }

    /** The line that a message names as {@code line 3} or {@code line 3, column 5}; nothing where it names none. */
    public static List<String> of(String source, String message) {
        Matcher place = PLACE.matcher(message);
        if (!place.find()) {
            return List.of();
        }
        String column = place.group(2);
        return of(source, number(place.group(1)), column == null ? 0 : number(column));
    }

    private static int number(String digits) {
        return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    private static List<String> of(String source, int line, int column) {
        List<String> lines = source.lines().toList();
        if (line < 1 || line > lines.size()) {
            return List.of();
        }
        SourceLine shown = new SourceLine(lines.get(line - 1).replace('\t', ' '), column);
        return shown.isMarked()
                ? List.of(shown.text(), " ".repeat(shown.column - 1 - shown.begin()) + "^")
                : List.of(shown.text());
    }

    /** One past the end is where something is missing. */
    private boolean isMarked() {
        return column >= 1 && column <= line.length() + 1;
    }

    /** What is left out of a long line: all but the part around the mark. */
    private int begin() {
        return line.length() <= WIDTH || column <= WIDTH / 2 ? 0 : column - WIDTH / 2;
    }

    private String text() {
        return line.substring(begin(), Math.min(line.length(), begin() + WIDTH));
    }
}
