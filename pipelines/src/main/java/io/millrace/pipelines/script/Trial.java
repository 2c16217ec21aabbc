package io.millrace.pipelines.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.millrace.io.source.ComputedTime;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.TimeExpression;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.engine.ScriptInput;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ScriptTest;
import io.millrace.transforms.script.version.VersionBook;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A script tried on sample events, one after the other: what is there before, and after.
 *
 * <p>An event may take a second of the processor, since the first events find an engine that is not yet warm.
 */
public final class Trial implements AutoCloseable {
    private static final ScriptLimits LIMITS = ScriptLimits.DEFAULT.withTime(Duration.ofSeconds(1));
    private static final String BEFORE = "before  ";
    private static final String AFTER = "after   ";
    private static final String FAILED = "failed  ";
    private static final String INDENT = " ".repeat(4);

    private final Script script;
    private final CompiledScript compiled;
    private final Instant now;
    private final Optional<ComputedTime> eventTime;
    private long events;
    private long resulting;
    private long results;
    private long failed;

    private Trial(Script script, CompiledScript compiled, Instant now, Optional<ComputedTime> eventTime) {
        this.script = script;
        this.compiled = compiled;
        this.now = now;
        this.eventTime = eventTime;
    }

    /**
     * A trial of a script.
     *
     * @param now the time of events that have no other
     * @param eventTime what gives sample events their times
     * @throws IllegalArgumentException if there is no engine for its language
     * @throws io.millrace.transforms.script.ScriptException if its text is wrong
     */
    public static Trial of(Script script, Instant now, Optional<TimeExpression> eventTime) {
        return new Trial(
                script,
                ScriptEngines.of(script.language()).compile(script, LIMITS),
                now.truncatedTo(ChronoUnit.MILLIS),
                eventTime.map(ComputedTime::by));
    }

    /** Runs the script on an event, and gives what a person is shown. */
    public List<String> run(String value) {
        events++;
        List<String> before = labelled(BEFORE, FittedJson.lines(value));
        List<String> lines = new ArrayList<>();
        lines.add(String.format("%-" + INDENT.length() + "d", events) + before.get(0));
        Stream.concat(before.stream().skip(1), after(value).stream())
                .map(line -> INDENT + line)
                .forEach(lines::add);
        return lines;
    }

    private List<String> after(String value) {
        Event event = Event.of(
                ResultId.of(new Origin("sample", 0, events - 1)), null, value.getBytes(UTF_8), Headers.empty());
        try {
            return made(event, compiled.run(new ScriptInput(event, time(event), script.version())));
        } catch (EvaluationException e) {
            failed++;
            return List.of(
                    FAILED + e.reason(Reason.EVENT_TIME_UNREADABLE).text() + ": the event's time: " + e.getMessage());
        } catch (ScriptFailure e) {
            failed++;
            String message = requireNonNull(e.getMessage());
            List<String> said = new ArrayList<>(List.of(e.reason().text() + ": " + message));
            said.addAll(SourceLine.of(script.source(), message));
            return labelled(FAILED, said);
        }
    }

    private long time(Event event) throws EvaluationException {
        return eventTime.isPresent() ? eventTime.get().of(event).getMillis() : now.toEpochMilli();
    }

    private List<String> made(Event event, List<byte[]> made) {
        resulting += made.isEmpty() ? 0 : 1;
        results += made.size();
        if (made.isEmpty()) {
            return List.of(AFTER + "nothing");
        }
        if (made.get(0) == event.value()) {
            return List.of(AFTER + "the same");
        }
        return labelled(
                AFTER,
                made.stream()
                        .flatMap(one -> FittedJson.lines(new String(one, UTF_8)).stream())
                        .toList());
    }

    private static List<String> labelled(String label, List<String> lines) {
        List<String> labelled = new ArrayList<>(List.of(label + lines.get(0)));
        lines.stream().skip(1).forEach(line -> labelled.add(" ".repeat(label.length()) + line));
        return labelled;
    }

    /** What of some tests the script does not pass, as a job decides it before it accepts the script as a version. */
    public List<String> test(List<ScriptTest> tests) {
        ControlRecord control = ControlRecord.ofSource(script.version(), script.source(), now, "test")
                .withTests(tests);
        return new VersionBook(script.language(), script.function(), ScriptLimits.DEFAULT)
                .add(new Entry(control.toJson(), now))
                .problems();
    }

    /** Whether the script failed for an event. */
    public boolean hasFailed() {
        return failed > 0;
    }

    /** What became of all events, in one line. */
    public String counts() {
        return counted(events, "event") + ": " + resulting + " gave " + counted(results, "result") + ", "
                + (events - resulting - failed) + " gave none, " + failed + " failed";
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    @Override
    public void close() {
        compiled.close();
    }
}
