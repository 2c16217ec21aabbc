package io.millrace.transforms.script.rhino;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptInput;
import java.time.Duration;
import java.util.List;

/** Scripts and what they are run on. */
final class Scripts {
    static final ResultId ID = ResultId.of(new Origin("plays", 3, 42));
    static final long NOON = 1_795_608_000_000L;
    /** For what is no matter of time, so that a busy machine fails no test. */
    static final ScriptLimits PATIENT = ScriptLimits.DEFAULT.withTime(Duration.ofSeconds(20));

    private Scripts() {}

    static CompiledScript compiled(String source) {
        return compiled(Script.javascript(source), PATIENT);
    }

    static CompiledScript compiled(Script script, ScriptLimits limits) {
        return new RhinoEngine().compile(script, limits);
    }

    static ScriptInput input(String value) {
        return input(ID, value.getBytes(UTF_8));
    }

    static ScriptInput input(ResultId id, byte[] value) {
        return new ScriptInput(
                Event.of(
                        id,
                        "key-1".getBytes(UTF_8),
                        value,
                        Headers.builder()
                                .add("trace", "first")
                                .add("trace", "last")
                                .add("empty", (byte[]) null)
                                .build()),
                NOON,
                "v7");
    }

    static List<String> run(CompiledScript script, String value) throws ScriptFailure {
        return texts(script.run(input(value)));
    }

    static List<String> texts(List<byte[]> results) {
        return results.stream().map(result -> new String(result, UTF_8)).toList();
    }

    /** What the script that returns an object with this expression as its {@code r} gives for an event. */
    static String result(String expression, String event) throws ScriptFailure {
        List<String> results = run(compiled("function map(event, context) { return {r: " + expression + "} }"), event);
        String only = results.get(0);
        return only.equals("{}") ? "undefined" : only.substring("{\"r\":".length(), only.length() - 1);
    }

    static ScriptFailure failure(CompiledScript script, String value) {
        return assertThrows(ScriptFailure.class, () -> script.run(input(value)));
    }

    static ScriptException refused(String source) {
        return assertThrows(ScriptException.class, () -> compiled(source));
    }
}
