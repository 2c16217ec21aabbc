package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.millrace.devinterface.spec.Unreadable;
import io.millrace.pipelines.script.Trial;
import io.millrace.transforms.expression.ExpressionException;
import io.millrace.transforms.expression.TimeExpression;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.version.ScriptTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a script on sample events, and shows what is there before and after. */
@Command(
        name = "test",
        description = {
            "Runs a script on sample events, and shows each before and after.",
            "",
            "  1   before  {\"title_id\": \"t1\", \"device\": \"tv\", \"duration_s\": 5400}",
            "      after   {\"title_id\": \"t1\", \"screen\": \"large\", \"minutes\": 90}",
            "",
            "Where the script fails for an event, the line of the script is shown with a mark under the column; where its text is"
                    + " wrong, every such line is, and no event is read. The limits are those that a spec has by default, but an"
                    + " event may take a second.",
            "",
            "event is the event's JSON object; context has time (the event's in milliseconds, null where it has none), key and headers"
                    + " (texts, null where there is none), and version (the script's). There is no console, and nothing is logged: what"
                    + " a script throws is what is said of an event.",
            "",
            "Numbers are doubles: where a script reads one and writes it, an integer above 2^53 loses digits, and 1.10 becomes 1.1."
                    + " An event that map gives back as it is, and one that filter keeps, has the bytes it had.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  script test play-minutes.js --events=events.jsonl --event-time=event.ts",
            "  script test pipelines/samples/play-minutes.js --tests=pipelines/samples/play-minutes.tests.json",
            "  head -3 events.jsonl | script test play-minutes.js --function=map",
            "",
            "Exit status: 0 the script has an answer to every event, the one that a test expects; 1 it has not; 2 its text or the"
                    + " options are wrong."
        })
final class ScriptTestCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private final Terminal terminal;
    private final InputStream standardInput;
    private final Clock clock;

    @Mixin
    @SuppressWarnings("unused") // read by picocli
    private final HelpOption help = new HelpOption();

    @Parameters(paramLabel = "FILE", description = "The script, in UTF-8.")
    @SuppressWarnings("NullAway.Init")
    private Path scriptFile;

    @Option(
            names = "--events",
            paramLabel = "FILE",
            description =
                    "Sample events, as JSON Lines, .gz too. As -, or without it and without --tests, they are read from standard"
                            + " input.")
    private @Nullable String events;

    @Option(
            names = "--event-time",
            paramLabel = "EXPRESSION",
            description =
                    "The time of a sample event, which is context.time and Date.now(): an expression such as event.ts, as a spec's"
                            + " eventTime has it. Without it, and for a test without time, that is now.")
    private @Nullable String eventTime;

    @Option(
            names = "--tests",
            paramLabel = "FILE",
            description = "What the script must make of events: " + TestsFile.FORM)
    private @Nullable Path tests;

    @Option(
            names = "--function",
            paramLabel = "NAME",
            description =
                    "Call this function alone: filter, map or flatMap. Without it, those that the script defines.")
    private @Nullable String function;

    @Option(
            names = "--language",
            defaultValue = Script.JAVASCRIPT,
            paramLabel = "NAME",
            description = "The language of the script; javascript unless it is given.")
    @SuppressWarnings("NullAway.Init")
    private String language;

    ScriptTestCommand(Terminal terminal, InputStream standardInput, Clock clock) {
        this.terminal = terminal;
        this.standardInput = standardInput;
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        checkOptions(problems);
        Optional<TimeExpression> times = times(problems);
        Optional<ScriptText> text = ScriptText.read(scriptFile, problems);
        List<ScriptTest> expected = TestsFile.read(tests, problems);
        problems.throwIfAny();
        Optional<Trial> trial =
                text.flatMap(one -> one.noting(problems, () -> Trial.of(script(one), clock.instant(), times)));
        problems.throwIfAny();
        try (Trial tried = trial.orElseThrow()) {
            if (events != null || tests == null) {
                run(tried);
            }
            boolean differs = tests != null && differs(tried, expected);
            return tried.hasFailed() || differs ? Commands.FAILED : Commands.DONE;
        }
    }

    private void checkOptions(Problems problems) {
        if (function != null && ScriptFunction.named(function).isEmpty()) {
            String names =
                    Stream.of(ScriptFunction.values()).map(ScriptFunction::text).collect(joining(", "));
            problems.add("--function", "must be one of " + names + ", but was " + function);
        }
        try {
            ScriptEngines.of(language);
        } catch (IllegalArgumentException e) {
            problems.add("--language", String.valueOf(e.getMessage()).replaceFirst("^language ", ""));
        }
        file().flatMap(Unreadable::problem)
                .ifPresent(said -> problems.add("--events", "must be a file that can be read, but " + said));
    }

    private Optional<TimeExpression> times(Problems problems) {
        try {
            return Optional.ofNullable(eventTime).map(TimeExpression::of);
        } catch (ExpressionException e) {
            e.problems().forEach(problem -> problems.add("--event-time", problem.message()));
            return Optional.empty();
        }
    }

    private Script script(ScriptText text) {
        return new Script(
                language,
                text.source(),
                Optional.ofNullable(function).flatMap(ScriptFunction::named).orElse(null));
    }

    private void run(Trial trial) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    trial.run(line).forEach(terminal.out()::println);
                    terminal.out().println();
                }
            }
        }
        terminal.out().println(trial.counts());
    }

    private boolean differs(Trial trial, List<ScriptTest> expected) {
        List<String> problems = trial.test(expected);
        problems.forEach(terminal.out()::println);
        terminal.out()
                .println(expected.size()
                        + (expected.size() == 1 ? " test: " : " tests: ")
                        + (problems.isEmpty() ? "as expected" : problems.size() + " not as expected"));
        return !problems.isEmpty();
    }

    private Optional<Path> file() {
        return Optional.ofNullable(events)
                .filter(name -> !name.equals(STANDARD_INPUT))
                .map(Path::of);
    }

    private InputStream open() throws IOException {
        Optional<Path> given = file();
        if (given.isEmpty()) {
            return standardInput;
        }
        InputStream content = Files.newInputStream(given.get());
        return given.get().toString().endsWith(".gz") ? new GZIPInputStream(content) : content;
    }
}
