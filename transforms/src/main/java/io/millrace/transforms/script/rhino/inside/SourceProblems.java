package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.expression.Problem;
import io.millrace.transforms.script.ScriptException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.EvaluatorException;
import org.mozilla.javascript.ast.IdeErrorReporter;

/** Collects what is wrong with a script, by places in its text. */
final class SourceProblems implements IdeErrorReporter {
    private static final int MOST = 20;

    private final String source;
    private final List<Problem> problems = new ArrayList<>();

    SourceProblems(String source) {
        this.source = source;
    }

    /** Adds a problem at an offset from the beginning of the text. */
    void add(int offset, String message) {
        int line = 1;
        int lineStart = 0;
        int end = Math.max(0, Math.min(offset, source.length()));
        for (int i = 0; i < end; i++) {
            if (isEndOfLine(i)) {
                line++;
                lineStart = i + 1;
            }
        }
        add(new Problem(line, end - lineStart + 1, message));
    }

    /** Adds a problem of a line, at the first character in it. */
    void addToLine(int line, String message) {
        int at = 0;
        for (int left = line - 1; left > 0 && at < source.length(); at++) {
            left -= isEndOfLine(at) ? 1 : 0;
        }
        int start = at;
        while (at < source.length() && !isEndOfLine(at) && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        add(new Problem(Math.max(1, line), at - start + 1, message));
    }

    private boolean isEndOfLine(int at) {
        return switch (source.charAt(at)) {
            case '\n', '\u2028', '\u2029' -> true;
            case '\r' -> at + 1 == source.length() || source.charAt(at + 1) != '\n';
            default -> false;
        };
    }

    /** What comes behind an error in the same line is mostly a consequence of it. */
    private void add(Problem problem) {
        boolean another = problems.stream().noneMatch(one -> one.line() == problem.line());
        if (another && problems.size() < MOST) {
            problems.add(problem);
        }
    }

    /** Ends the compilation if there is any problem. */
    void check() {
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
            throw new ScriptException(problems);
        }
    }

    @Override
    public void warning(String message, String name, int offset, int length) {}

    @Override
    public void warning(String message, String name, int line, @Nullable String lineText, int lineOffset) {}

    @Override
    public void error(String message, String name, int offset, int length) {
        add(offset, Unsupported.said(source, offset, message));
    }

    @Override
    public void error(String message, String name, int line, @Nullable String lineText, int lineOffset) {
        add(new Problem(Math.max(1, line), Math.max(1, lineOffset), message));
    }

    @Override
    public EvaluatorException runtimeError(
            String message, String name, int line, @Nullable String lineText, int lineOffset) {
        return new EvaluatorException(message, name, line, lineText, lineOffset);
    }
}
