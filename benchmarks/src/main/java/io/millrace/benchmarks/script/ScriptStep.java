package io.millrace.benchmarks.script;

import io.millrace.benchmarks.expression.Shape;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.engine.ScriptInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The step in JavaScript, as a route runs it. */
final class ScriptStep implements Step {
    private static final ResultId ID = ResultId.of(new Origin("plays", 0, 0));

    private final CompiledScript script;

    ScriptStep(Shape shape) {
        script = ScriptEngines.of(Script.JAVASCRIPT).compile(Script.javascript(source(shape)), ScriptLimits.DEFAULT);
    }

    static String source(Shape shape) {
        return """
                function filter(event) {
                  return event.%s > 60 && (event.%s === 'US' || event.%s === 'CA');
                }
                function map(event) {
                  return { id: event.%s, user: event.%s, title: event.%s, minutes: event.%s / 60 };
                }
                """.formatted(
                        shape.path("duration"),
                        shape.path("country"),
                        shape.path("country"),
                        shape.path("id"),
                        shape.path("user"),
                        shape.path("title"),
                        shape.path("duration"));
    }

    @Override
    public byte @Nullable [] run(byte[] document) throws ScriptFailure {
        Event event = Event.of(ID, null, document, Headers.empty());
        List<byte[]> results = script.run(new ScriptInput(event, 0, "v1"));
        return results.isEmpty() ? null : results.get(0);
    }
}
