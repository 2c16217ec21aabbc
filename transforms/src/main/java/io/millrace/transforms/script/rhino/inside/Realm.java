package io.millrace.transforms.script.rhino.inside;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.BaseFunction;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Symbol;
import org.mozilla.javascript.TopLevel;
import org.mozilla.javascript.TopLevel.Builtins;

/** The standard objects of JavaScript that a script sees: those named here and what can be reached from them, all of them sealed. */
final class Realm {
    private static final Set<String> GLOBALS = Set.of(
            "Object",
            "Function",
            "Array",
            "String",
            "Number",
            "Boolean",
            "Symbol",
            "Date",
            "Math",
            "JSON",
            "RegExp",
            "Map",
            "Set",
            "WeakMap",
            "WeakSet",
            "Error",
            "AggregateError",
            "EvalError",
            "InternalError",
            "RangeError",
            "ReferenceError",
            "SyntaxError",
            "TypeError",
            "URIError",
            "NaN",
            "Infinity",
            "undefined",
            "isNaN",
            "isFinite",
            "parseInt",
            "parseFloat",
            "encodeURI",
            "encodeURIComponent",
            "decodeURI",
            "decodeURIComponent",
            "escape",
            "unescape");

    private static final Builtins[] BUILTINS = Builtins.values();
    private static final VarHandle HIDDEN = hidden();

    private final TopLevel standard = new TopLevel();
    private final BaseFunction[] constructors = new BaseFunction[BUILTINS.length];
    private final Scriptable[] prototypes = new Scriptable[BUILTINS.length];

    Realm(Context context) {
        context.initSafeStandardObjects(standard, false);
        for (Builtins type : BUILTINS) {
            constructors[type.ordinal()] = standard.getBuiltinCtor(type);
            prototypes[type.ordinal()] = standard.getBuiltinPrototype(type);
        }
        for (Object id : standard.getAllIds()) {
            if (id instanceof String name && !GLOBALS.contains(name)) {
                standard.delete(name);
            }
        }
        ScriptableObject symbol = (ScriptableObject) standard.get("Symbol", standard);
        symbol.delete("for"); // the registry would outlive the event
        symbol.delete("keyFor");
        ScriptableObject expressions = (ScriptableObject) ScriptableObject.getClassPrototype(standard, "RegExp");
        expressions.delete("compile"); // changes an expression that is sealed
        standard.defineProperty(
                context, "globalThis", ScriptableObject::getTopLevelScope, null, ScriptableObject.DONTENUM);
        sealAll(context);
    }

    /** Where Rhino keeps what only its own code looks up, such as the prototypes of iterators. */
    private static VarHandle hidden() {
        try {
            return MethodHandles.privateLookupIn(ScriptableObject.class, MethodHandles.lookup())
                    .findVarHandle(ScriptableObject.class, "associatedValues", Map.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sealAll(Context context) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> waiting = new ArrayDeque<>();
        waiting.add(standard);
        for (Builtins type : BUILTINS) {
            add(waiting, constructors[type.ordinal()]);
            add(waiting, prototypes[type.ordinal()]);
        }
        while (!waiting.isEmpty()) {
            if (waiting.remove() instanceof ScriptableObject object && seen.add(object)) {
                object.sealObject(); // makes those that Rhino makes when they are asked for
                addReachable(context, object, waiting);
            }
        }
        for (Object object : seen) {
            ScriptableObject sealed = (ScriptableObject) object;
            Slots.set(sealed, new SealedSlots(Slots.of(sealed)));
        }
    }

    private void addReachable(Context context, ScriptableObject object, Deque<Object> waiting) {
        add(waiting, object.getPrototype());
        Map<?, ?> hidden = (Map<?, ?>) HIDDEN.getVolatile(object);
        if (hidden != null) {
            hidden.values().forEach(value -> add(waiting, value));
        }
        ScriptableObject properties = (ScriptableObject) call(context, "getOwnPropertyDescriptors", object);
        for (Object id : properties.getAllIds()) {
            addValues(
                    id instanceof Integer index
                            ? properties.get(index, properties)
                            : properties.get((String) id, properties),
                    waiting);
        }
        for (Object symbol : (NativeArray) call(context, "getOwnPropertySymbols", object)) {
            addValues(properties.get((Symbol) symbol, properties), waiting);
        }
    }

    private Object call(Context context, String method, ScriptableObject object) {
        return ScriptableObject.callMethod(
                context, constructors[Builtins.Object.ordinal()], method, new Object[] {object});
    }

    private static void addValues(Object property, Deque<Object> waiting) {
        ScriptableObject descriptor = (ScriptableObject) property;
        for (String part : new String[] {"value", "get", "set"}) {
            add(waiting, descriptor.get(part, descriptor));
        }
    }

    private static void add(Deque<Object> waiting, @Nullable Object value) {
        if (value instanceof ScriptableObject) {
            waiting.add(value);
        }
    }

    TopLevel standard() {
        return standard;
    }

    BaseFunction constructor(Builtins type) {
        return constructors[type.ordinal()];
    }

    Scriptable prototype(Builtins type) {
        return prototypes[type.ordinal()];
    }
}
