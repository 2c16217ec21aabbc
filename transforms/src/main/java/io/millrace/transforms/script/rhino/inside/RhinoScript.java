package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptInput;
import io.millrace.transforms.script.rhino.Guard;
import io.millrace.transforms.script.rhino.LimitError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Callable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.JSScript;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Symbol;
import org.mozilla.javascript.Undefined;

/** A script as one thread runs it. */
final class RhinoScript implements CompiledScript {
    /** A machine that has just started takes long for the first event. */
    private static final int FIRST_EVENTS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ScriptLimits limits;
    private final JSScript compiled;
    private final List<ScriptFunction> functions;
    private final Guard guard = new Guard();
    private @Nullable Realm realm;
    private int firstEvents = FIRST_EVENTS;

    RhinoScript(ScriptLimits limits, JSScript compiled, Realm realm, List<ScriptFunction> functions) {
        this.limits = limits;
        this.compiled = compiled;
        this.realm = realm;
        this.functions = functions;
    }

    @Override
    public List<byte[]> run(ScriptInput input) throws ScriptFailure {
        byte[] value = input.event().value();
        if (value == null) {
            throw new ScriptFailure(Reason.NO_VALUE, "the event has no value");
        }
        Spans members = new Spans();
        String problem = JsonScanner.document(value, members);
        if (problem != null) {
            throw new ScriptFailure(Reason.NOT_JSON, problem);
        }
        List<byte[]> results = run(input, value, members);
        firstEvents = 0;
        return results;
    }

    private List<byte[]> run(ScriptInput input, byte[] value, Spans members) throws ScriptFailure {
        try (Context context = SafeContext.FACTORY.enterContext()) {
            Realm current = realm(context);
            guard.begin(
                    limits(value.length),
                    () -> now(input),
                    () -> input.event().id().toString());
            try {
                Run run = new Run(context, new EventScope(current), input, value, members);
                ScriptRuntime.doTopCall(run, context, run.scope, run.scope, ScriptRuntime.emptyArgs, isStrict());
                return run.results;
            } catch (RuntimeException | Error e) {
                throw failure(e, context);
            } finally {
                guard.end();
            }
        }
    }

    private Realm realm(Context context) {
        if (realm == null) {
            realm = new Realm(context);
        }
        return realm;
    }

    private ScriptLimits limits(int bytes) {
        int times = 1 + bytes / ScriptLimits.BYTES_IN_TIME;
        if (times == 1 && firstEvents == 0) {
            return limits;
        }
        Duration time = limits.time().multipliedBy(times);
        if (firstEvents > 0) {
            firstEvents--;
            return limits.withTime(time.compareTo(PATIENCE) < 0 ? PATIENCE : time);
        }
        return limits.withTime(time);
    }

    private boolean isStrict() {
        return compiled.getDescriptor().isStrict();
    }

    private static long now(ScriptInput input) {
        if (input.timestampMillis() == ScriptInput.NO_TIMESTAMP) {
            throw ScriptRuntime.typeError("the event has no time");
        }
        return input.timestampMillis();
    }

    /** What went wrong, for which a thrown object may be asked: so the guard is still on. */
    private ScriptFailure failure(Throwable e, Context context) {
        Throwable cause = e;
        String message = "";
        try {
            message = e instanceof RhinoException thrown ? Thrown.message(thrown) : String.valueOf(e.getMessage());
        } catch (RuntimeException | Error another) {
            cause = another;
        }
        guard.end();
        LimitError limit = guard.limit();
        if (limit != null) {
            return limited(limit);
        }
        if (cause instanceof RhinoException || cause instanceof Refused) {
            return new ScriptFailure(Reason.SCRIPT_FAILED, message);
        }
        renew(context);
        return cause instanceof StackOverflowError || cause instanceof OutOfMemoryError
                ? limited(cause)
                : new ScriptFailure(
                        Reason.SCRIPT_FAILED,
                        Thrown.cut("the engine failed: " + cause.getClass().getSimpleName()));
    }

    private static ScriptFailure limited(Throwable e) {
        int line = Thrown.line(e);
        return new ScriptFailure(Reason.SCRIPT_LIMIT, (line > 0 ? "line " + line + ": " : "") + Thrown.limit(e));
    }

    /**
     * Makes the standard objects anew, at the cost of the event that made the machine or the engine fail anywhere. Not after a limit:
     * this is thrown where it can do no harm to what is sealed, and may come with every second event.
     */
    private void renew(Context context) {
        realm = null;
        try {
            realm = new Realm(context);
        } catch (StackOverflowError | OutOfMemoryError again) {
            realm = null; // the next event makes them
        }
    }

    @Override
    public void close() {
        realm = null;
    }

    /** One event. */
    private final class Run implements Callable {
        private final Context context;
        private final EventScope scope;
        private final byte[] value;
        private final EventObject event;
        private final ContextObject about;
        private List<byte[]> results = List.of();

        Run(Context context, EventScope scope, ScriptInput input, byte[] value, Spans members) {
            this.context = context;
            this.scope = scope;
            this.value = value;
            this.event = new EventObject(value, members, scope);
            this.about = new ContextObject(input, scope);
        }

        @Override
        public Object call(Context same, Scriptable global, Scriptable self, Object[] none) {
            compiled.exec(context, scope, scope);
            results = List.of(value);
            for (ScriptFunction function : functions) {
                Object result = result(function);
                results = switch (function) {
                    case FILTER -> isKept(result) ? results : List.of();
                    case MAP -> List.of(object(function, result, writer(function)));
                    case FLAT_MAP -> objects(result);
                };
                if (results.isEmpty()) {
                    break;
                }
            }
            return Undefined.instance;
        }

        private Object result(ScriptFunction name) {
            if (!(scope.get(name.text(), scope) instanceof Function function)) {
                throw new Refused("the script must define the function " + name.text());
            }
            return function.call(context, scope, scope, new Object[] {event, about});
        }

        private boolean isKept(Object result) {
            if (result instanceof Boolean kept) {
                return kept;
            }
            throw refused(ScriptFunction.FILTER, result);
        }

        private Refused refused(ScriptFunction function, @Nullable Object result) {
            return new Refused(function.text() + " must return " + ResultTypes.wanted(function) + ", but returned "
                    + Thrown.kind(result));
        }

        private JsonWriter writer(ScriptFunction function) {
            return new JsonWriter(guard, context, scope, function.text(), limits.outputBytes());
        }

        private byte[] object(ScriptFunction function, Object result, JsonWriter writer) {
            if (!isObject(result)) {
                throw refused(function, result);
            }
            return result == event && event.isUntouched(scope) ? value : writer.object((Scriptable) result);
        }

        private boolean isObject(@Nullable Object value) {
            return value instanceof Scriptable
                    && !(value instanceof NativeArray)
                    && !(value instanceof Callable)
                    && !(value instanceof Symbol)
                    && !Undefined.isUndefined(value);
        }

        private List<byte[]> objects(Object result) {
            if (!(result instanceof NativeArray array)) {
                throw refused(ScriptFunction.FLAT_MAP, result);
            }
            long length = array.getLength();
            if (length > limits.outputs()) {
                throw guard.reach("the script gave more than " + limits.outputs() + " results");
            }
            List<byte[]> made = new ArrayList<>((int) length);
            JsonWriter writer = writer(ScriptFunction.FLAT_MAP);
            for (int i = 0; i < length; i++) {
                Object element = ScriptableObject.getProperty(array, i);
                if (!isObject(element)) {
                    throw new Refused("flatMap must return an array of objects, but element " + i + " is "
                            + Thrown.kind(element));
                }
                made.add(writer.object((Scriptable) element));
            }
            return made;
        }
    }
}
