package io.millrace.pipelines;

import static java.util.stream.Collectors.joining;

import io.millrace.devinterface.spec.Unreadable;
import io.millrace.pipelines.script.SourceLine;
import io.millrace.transforms.expression.Problem;
import io.millrace.transforms.script.ScriptException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A script as its author has it, in a file.
 *
 * @param file the file
 * @param source its text
 */
record ScriptText(Path file, String source) {

    /** The script in a file; nothing if there is none, which is then a problem. */
    static Optional<ScriptText> read(Path file, Problems problems) {
        try {
            String source = Files.readString(file);
            if (!source.isBlank()) {
                return Optional.of(new ScriptText(file, source));
            }
            problems.add("FILE", "must have a script, but " + file + " is empty");
        } catch (IOException e) {
            problems.add("FILE", "must have a script in UTF-8, but " + Unreadable.why(file.toString(), e));
        }
        return Optional.empty();
    }

    /** What is made of the script; nothing where its text is wrong, of which each problem is then noted with the line. */
    <T> Optional<T> noting(Problems problems, Supplier<T> made) {
        try {
            return Optional.of(made.get());
        } catch (ScriptException e) {
            e.problems().forEach(problem -> problems.add(file.toString(), said(problem)));
            return Optional.empty();
        }
    }

    private String said(Problem problem) {
        String said = "line " + problem.line() + ", column " + problem.column() + ": " + problem.message();
        return Stream.concat(
                        Stream.of(said), SourceLine.of(source, problem).stream().map(line -> "    " + line))
                .collect(joining(System.lineSeparator()));
    }
}
