package io.millrace.transforms.script.rhino;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.expression.Problem;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptInput;
import java.util.ArrayList;
import java.util.List;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.NativeJSON;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;
import org.mozilla.javascript.json.JsonParser;

/** A script compiled by Rhino. */
final class RhinoScript implements CompiledScript {
    private final Context context;
    private final ScriptableObject standard;
    private final org.mozilla.javascript.Script compiled;
    private final Script script;

    private RhinoScript(
            Context context, ScriptableObject standard, org.mozilla.javascript.Script compiled, Script script) {
        this.context = context;
        this.standard = standard;
        this.compiled = compiled;
        this.script = script;
    }

    static RhinoScript compile(Script script, ScriptLimits limits) {
        ContextFactory factory = new ContextFactory();
        try (Context context = factory.enterContext()) {
            context.setLanguageVersion(Context.VERSION_ES6);
            ScriptableObject standard = context.initSafeStandardObjects(null, true);
            RhinoScript made = new RhinoScript(
                    context, standard, context.compileString(script.source(), "script", 1, null), script);
            Scriptable scope = made.scope();
            if (made.function(ScriptFunction.FILTER, scope) == null
                    && made.function(ScriptFunction.MAP, scope) == null
                    && made.function(ScriptFunction.FLAT_MAP, scope) == null) {
                throw new ScriptException(List.of(new Problem(1, 1, "the script has none of filter, map, flatMap")));
            }
            return made;
        } catch (RhinoException e) {
            throw new ScriptException(
                    List.of(new Problem(Math.max(1, e.lineNumber()), Math.max(1, e.columnNumber()), e.details())));
        }
    }

    private Scriptable scope() {
        Scriptable scope = context.newObject(standard);
        scope.setPrototype(standard);
        scope.setParentScope(null);
        compiled.exec(context, scope);
        return scope;
    }

    private @org.jspecify.annotations.Nullable Function function(ScriptFunction function, Scriptable scope) {
        if (script.function() != null && script.function() != function) {
            return null;
        }
        return scope.get(function.text(), scope) instanceof Function found ? found : null;
    }

    @Override
    public List<byte[]> run(ScriptInput input) throws ScriptFailure {
        byte[] value = input.event().value();
        if (value == null) {
            throw new ScriptFailure(Reason.NO_VALUE, "the event has no value");
        }
        try (Context entered = context.getFactory().enterContext(context)) {
            Scriptable scope = scope();
            Object event;
            try {
                event = new JsonParser(entered, scope).parseValue(new String(value, UTF_8));
            } catch (JsonParser.ParseException e) {
                throw new ScriptFailure(Reason.NOT_JSON, String.valueOf(e.getMessage()));
            }
            Function filter = function(ScriptFunction.FILTER, scope);
            if (filter != null && !Boolean.TRUE.equals(call(filter, scope, event))) {
                return List.of();
            }
            Function map = function(ScriptFunction.MAP, scope);
            if (map != null) {
                return List.of(json(call(map, scope, event), scope));
            }
            Function flatMap = function(ScriptFunction.FLAT_MAP, scope);
            if (flatMap == null) {
                return List.of(value);
            }
            List<byte[]> results = new ArrayList<>();
            for (Object one : (NativeArray) call(flatMap, scope, event)) {
                results.add(json(one, scope));
            }
            return results;
        } catch (RhinoException e) {
            throw new ScriptFailure(Reason.SCRIPT_FAILED, "line " + e.lineNumber() + ": " + e.details());
        }
    }

    private Object call(Function function, Scriptable scope, Object event) {
        return function.call(context, scope, Undefined.SCRIPTABLE_UNDEFINED, new Object[] {event});
    }

    private byte[] json(Object result, Scriptable scope) {
        return String.valueOf(NativeJSON.stringify(context, scope, result, null, null))
                .getBytes(UTF_8);
    }

    @Override
    public void close() {}
}
