package io.millrace.devinterface.spec;

import java.util.Collection;
import java.util.Locale;

/** How names and values are put into a problem's sentence, and into a key's path. */
final class Words {
    private static final int SHORT = 80;

    private Words() {}

    /** The text in quotes, shortened, on one line. */
    static String quoted(String text) {
        return "'" + shortened(text) + "'";
    }

    /** The text on one line, cut where it is long. */
    static String shortened(String text) {
        String head = text.length() <= SHORT ? text : text.substring(0, text.offsetByCodePoints(0, SHORT / 2)) + "…";
        return oneLine(head);
    }

    /** The text with everything that would break or hide a line replaced by an escape. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(point -> line.append(visible(point)));
        return line.toString();
    }

    private static String visible(int point) {
        boolean hidden = Character.isISOControl(point)
                || point == 0x2028
                || point == 0x2029
                || Character.getType(point) == Character.FORMAT
                || Character.getType(point) == Character.SURROGATE;
        return hidden ? String.format(Locale.ROOT, "\\u%04x", point) : Character.toString(point);
    }

    /** The path of a key below a path. */
    static String key(String path, String key) {
        if (!key.matches("[A-Za-z0-9_-]{1,80}")) {
            return path + "[" + quoted(key) + "]";
        }
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The path of an element of a list. */
    static String index(String path, int index) {
        return path + "[" + index + "]";
    }

    /** A hint at the name that was probably meant, or else all the names there are. */
    static String hint(String given, Collection<String> names) {
        return names.stream()
                .filter(name -> distance(given, name) <= Math.max(1, name.length() / 3))
                .min((a, b) -> Integer.compare(distance(given, a), distance(given, b)))
                .map(name -> ", did you mean " + quoted(name) + "?")
                .orElse("; known: " + String.join(", ", names));
    }

    /** How many letters are to be changed, added, left out or swapped with their neighbour to get from one word to the other. */
    static int distance(String from, String to) {
        if (from.length() > SHORT) {
            return Integer.MAX_VALUE;
        }
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : steps(steps, a, b, i, j);
            }
        }
        return steps[a.length()][b.length()];
    }

    private static int steps(int[][] steps, String a, String b, int i, int j) {
        int change = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int fewest = Math.min(change, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(fewest, steps[i - 2][j - 2] + 1) : fewest;
    }
}
