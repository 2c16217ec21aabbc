package io.millrace.transforms.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Regular expressions that neither take long to read nor fill the memory. An event can bring its own pattern, and {@code
 * ((a{1000}){1000}){1000}} has a billion steps; so a pattern's steps are counted, generously, before it is read.
 */
final class Patterns {
    static final int MOST_STEPS = 10_000;
    static final int MOST_LEVELS = 100;

    private static final String FLAGS = "imsU-";

    private final String text;
    private final long[] outer = new long[MOST_LEVELS];
    private int level;
    private long steps;
    private long last;
    private int at;

    private Patterns(String text) {
        this.text = text;
    }

    static Pattern compile(String text) throws Failure {
        if (text.length() > MOST_STEPS || !new Patterns(text).isSmall()) {
            throw new Failure("'" + Times.shortened(text) + "' is too large a pattern");
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new Failure("'" + Times.shortened(text) + "' is no pattern: " + e.getDescription());
        }
    }

    private boolean isSmall() {
        while (at < text.length() && steps <= MOST_STEPS && level < MOST_LEVELS) {
            switch (text.charAt(at)) {
                case '\\' -> escape();
                case '[' -> characterClass();
                case '(' -> open();
                case ')' -> close();
                case '{' -> repetition();
                case '*', '+', '?' -> mark();
                default -> step(1);
            }
        }
        while (level > 0 && level < MOST_LEVELS) {
            steps += outer[--level];
        }
        return steps <= MOST_STEPS && level == 0;
    }

    private void step(int length) {
        at += length;
        last = 1;
        steps++;
    }

    /** What follows a step and leaves it what a repetition applies to. */
    private void mark() {
        steps++;
        at++;
    }

    private void open() {
        int flags = at + 1;
        while (flags < text.length() && (text.charAt(flags) == '?' || FLAGS.indexOf(text.charAt(flags)) >= 0)) {
            flags++;
        }
        if (text.startsWith("(?", at) && text.startsWith(")", flags)) {
            at = flags + 1;
            return;
        }
        outer[level++] = steps;
        steps = 0;
        at++;
    }

    private void close() {
        last = steps + 2;
        steps = level > 0 ? outer[--level] + last : last;
        at++;
    }

    private void escape() {
        if (text.startsWith("\\Q", at)) {
            int end = text.indexOf("\\E", at);
            int next = end < 0 ? text.length() : end + 2;
            steps += next - at;
            last = next - at > 4 ? 1 : last;
            at = next;
            return;
        }
        boolean braced =
                at + 2 < text.length() && "xpP".indexOf(text.charAt(at + 1)) >= 0 && text.charAt(at + 2) == '{';
        int end = braced ? text.indexOf('}', at) : at + 1;
        step(end < 0 ? 2 : end + 1 - at);
    }

    private void characterClass() {
        int end = at + 1;
        if (text.startsWith("^", end)) {
            end++;
        }
        if (text.startsWith("]", end)) {
            end++;
        }
        while (end < text.length() && text.charAt(end) != ']') {
            int name = text.startsWith("[:", end) ? text.indexOf(":]", end + 2) : -1;
            end = name >= 0 ? name + 2 : end + (text.charAt(end) == '\\' ? 2 : 1);
        }
        step(end + 1 - at);
    }

    /** {@code {n}}, {@code {n,}} or {@code {n,m}}; anything else in braces stands for itself. */
    private void repetition() {
        int end = text.indexOf('}', at);
        String[] bounds = end < 0 ? new String[0] : text.substring(at + 1, end).split(",", -1);
        long times = 0;
        for (String bound : bounds) {
            boolean isNumber =
                    !bound.isEmpty() && bound.length() <= 4 && bound.chars().allMatch(c -> c >= '0' && c <= '9');
            times = isNumber ? Math.max(times, Long.parseLong(bound)) : times;
        }
        if (times == 0) {
            step(1);
            return;
        }
        steps += last * (times - 1);
        last *= times;
        at = end + 1;
    }
}
