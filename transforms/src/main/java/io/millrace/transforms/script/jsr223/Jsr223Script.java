package io.millrace.transforms.script.jsr223;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.Problem;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.Results;
import io.millrace.transforms.script.engine.ScriptInput;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.script.Invocable;
import org.jspecify.annotations.Nullable;

/** A script as an engine of {@code javax.script} has it; for one thread. */
final class Jsr223Script implements CompiledScript {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final Invocable engine;
    private final ScriptLimits limits;
    private final Map<ScriptFunction, Boolean> takesContext = new EnumMap<>(ScriptFunction.class);

    private Jsr223Script(Invocable engine, ScriptLimits limits) {
        this.engine = engine;
        this.limits = limits;
    }

    static Jsr223Script compile(Script script, ScriptLimits limits, javax.script.ScriptEngine engine) {
        try {
            engine.eval(script.source());
        } catch (javax.script.ScriptException e) {
            throw new ScriptException(List.of(problem(e)));
        }
        if (!(engine instanceof Invocable invocable)) {
            throw wrong("the engine of " + script.language() + " cannot call functions");
        }
        Jsr223Script made = new Jsr223Script(invocable, limits);
        made.lookFor(script);
        return made;
    }

    private static Problem problem(javax.script.ScriptException e) {
        return new Problem(
                Math.max(1, e.getLineNumber()),
                Math.max(1, e.getColumnNumber()),
                String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "));
    }

    private static ScriptException wrong(String message) {
        return new ScriptException(List.of(new Problem(1, 1, message)));
    }

    private void lookFor(Script script) {
        for (ScriptFunction function : ScriptFunction.values()) {
            if (script.function() == null || script.function() == function) {
                lookFor(function);
            }
        }
        if (takesContext.isEmpty()) {
            throw wrong(
                    script.function() == null
                            ? "the script must define filter, map or flatMap"
                            : "the script must define the function "
                                    + script.function().text());
        }
        if (takesContext.containsKey(ScriptFunction.MAP) && takesContext.containsKey(ScriptFunction.FLAT_MAP)) {
            throw wrong("the script defines both map and flatMap: function must say which is called");
        }
    }

    /** Engines do not say what a script defines, so each function is called once, with nothing in the event. */
    private void lookFor(ScriptFunction function) {
        if (isThere(function, Map.of(), Map.of())) {
            takesContext.put(function, true);
        } else if (isThere(function, Map.of())) {
            takesContext.put(function, false);
        }
    }

    private boolean isThere(ScriptFunction function, Object... arguments) {
        try {
            engine.invokeFunction(function.text(), arguments);
        } catch (NoSuchMethodException e) {
            return false;
        } catch (javax.script.ScriptException | RuntimeException e) {
            return true; // it did not like the event
        }
        return true;
    }

    @Override
    public List<byte[]> run(ScriptInput input) throws ScriptFailure {
        byte[] value = input.event().value();
        if (value == null) {
            throw new ScriptFailure(Reason.NO_VALUE, "the event has no value");
        }
        Object[] arguments = {event(value), context(input)};
        if (takesContext.containsKey(ScriptFunction.FILTER) && !isKept(arguments)) {
            return List.of();
        }
        Results results = new Results(limits);
        if (takesContext.containsKey(ScriptFunction.MAP)) {
            add(call(ScriptFunction.MAP, arguments), "map must return an object", results);
        } else if (takesContext.containsKey(ScriptFunction.FLAT_MAP)) {
            addAll(call(ScriptFunction.FLAT_MAP, arguments), results);
        } else {
            return List.of(value);
        }
        return results.all();
    }

    private static Map<String, Object> event(byte[] value) throws ScriptFailure {
        try {
            return JSON.readValue(value, OBJECT);
        } catch (JsonProcessingException e) {
            throw new ScriptFailure(Reason.NOT_JSON, e.getOriginalMessage());
        } catch (IOException e) {
            throw new ScriptFailure(Reason.NOT_JSON, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, @Nullable Object> context(ScriptInput input) {
        Event event = input.event();
        Map<String, @Nullable Object> headers = new HashMap<>();
        for (int i = 0; i < event.headers().size(); i++) {
            headers.put(event.headers().name(i), text(event.headers().value(i)));
        }
        Map<String, @Nullable Object> context = new HashMap<>();
        context.put("time", input.hasTimestamp() ? input.timestampMillis() : null);
        context.put("key", text(event.key()));
        context.put("headers", headers);
        context.put("version", input.version());
        return context;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    private boolean isKept(Object[] arguments) throws ScriptFailure {
        if (call(ScriptFunction.FILTER, arguments) instanceof Boolean kept) {
            return kept;
        }
        throw failed("filter must return true or false");
    }

    private @Nullable Object call(ScriptFunction function, Object[] arguments) throws ScriptFailure {
        try {
            return Boolean.TRUE.equals(takesContext.get(function))
                    ? engine.invokeFunction(function.text(), arguments)
                    : engine.invokeFunction(function.text(), arguments[0]);
        } catch (javax.script.ScriptException | NoSuchMethodException | RuntimeException e) {
            throw failed(requireNonNullElse(e.getMessage(), e.toString()));
        } catch (StackOverflowError e) {
            throw new ScriptFailure(Reason.SCRIPT_LIMIT, "the script's calls were nested too deep");
        }
    }

    private static void addAll(@Nullable Object made, Results results) throws ScriptFailure {
        if (!(made instanceof Collection<?> several)) {
            throw failed("flatMap must return a list of objects");
        }
        for (Object one : several) {
            add(one, "flatMap must return a list of objects", results);
        }
    }

    private static void add(@Nullable Object result, String rule, Results results) throws ScriptFailure {
        if (!(result instanceof Map)) {
            throw failed(rule);
        }
        try {
            results.add(JSON.writeValueAsBytes(PlainValues.of(result)));
        } catch (JsonProcessingException e) {
            throw failed(e.getOriginalMessage());
        }
    }

    private static ScriptFailure failed(String message) {
        return new ScriptFailure(Reason.SCRIPT_FAILED, message);
    }

    @Override
    public void close() {}
}
