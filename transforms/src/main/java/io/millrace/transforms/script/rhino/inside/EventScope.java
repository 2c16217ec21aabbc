package io.millrace.transforms.script.rhino.inside;

import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.BaseFunction;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.TopLevel;

/** The global object of one event, empty at first, over the standard objects. */
public final class EventScope extends TopLevel {
    private static final long serialVersionUID = 1;

    private final transient Realm realm;
    private transient @Nullable Map<Object[], Object[]> templates;

    EventScope(Realm realm) {
        this.realm = realm;
        setPrototype(realm.standard());
    }

    @Override
    public BaseFunction getBuiltinCtor(Builtins type) {
        return realm.constructor(type);
    }

    @Override
    public Scriptable getBuiltinPrototype(Builtins type) {
        return realm.prototype(type);
    }

    /**
     * Woven into scripts in place of Rhino's own: the object of a tagged template, which Rhino would keep with the script's class and so
     * beyond the event.
     */
    public static Scriptable template(Context context, Scriptable scope, Object[] texts, int index) {
        return ((EventScope) ScriptableObject.getTopLevelScope(scope)).template(context, texts, index);
    }

    private Scriptable template(Context context, Object[] texts, int index) {
        if (templates == null) {
            templates = new IdentityHashMap<>();
        }
        return ScriptRuntime.getTemplateLiteralCallSite(
                context, this, templates.computeIfAbsent(texts, Object[]::clone), index);
    }
}
