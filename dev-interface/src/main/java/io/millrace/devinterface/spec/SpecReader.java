package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Value.Mark;
import io.millrace.io.sink.SinkProvider;
import io.millrace.io.sink.Sinks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A router's spec out of YAML or JSON text, with every value parsed, every default filled in and every file that it refers to
 * inlined; or all of its problems together.
 *
 * <p>YAML is version 1.2, one document, without tags; an alias stands for its anchor's value.
 *
 * <p><i>Fails</i>: whatever the text, with {@link SpecProblems} and nothing else.
 */
public final class SpecReader {

    /** Where a pipeline is going to run. */
    public enum Target {
        /** In this process: paths are this machine's, and dead letters have a default. */
        LOCAL,
        /** On a cluster on this machine: paths must be absolute, and dead letters must have a place of their own. */
        LOCAL_CLUSTER,
        /** On a cluster elsewhere: no worker sees this machine's files, and dead letters must have a place of their own. */
        REMOTE
    }

    private final Forms forms;
    private final Target target;
    private final Reading reading = new Reading();

    private SpecReader(Map<String, SinkProvider<?>> sinks, Target target) {
        this.forms = Forms.of(sinks);
        this.target = target;
    }

    /** Reads a file, in UTF-8. */
    public static RouterSpec read(Path file, Target target) throws SpecProblems {
        return read(content(file), target);
    }

    /** Reads text. */
    public static RouterSpec read(String text, Target target) throws SpecProblems {
        return new SpecReader(Sinks.byName(), target).read(text);
    }

    private static String content(Path file) throws SpecProblems {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw problem(Mark.START, "file " + file + " must be UTF-8 text");
        } catch (IOException e) {
            throw problem(Mark.START, "file " + file + " must be readable, but " + Unreadable.why(file.toString(), e));
        }
    }

    private RouterSpec read(String text) throws SpecProblems {
        try {
            return read(SpecText.read(text));
        } catch (SyntaxException e) {
            throw problem(e.at(), e.at() + ": " + e.getMessage());
        }
    }

    private static SpecProblems problem(Mark at, String message) {
        return new SpecProblems(List.of(new SpecProblem("spec", Words.oneLine(message), at.line(), at.column())));
    }

    private RouterSpec read(Value value) throws SpecProblems {
        RouterSpec spec = forms.router().read(value, "", reading);
        Rules.check(value, target, reading);
        if (spec == null || reading.count() > 0) {
            throw new SpecProblems(reading.problems());
        }
        return Completion.complete(spec, Rules.hasDeadLetters(value), forms);
    }
}
