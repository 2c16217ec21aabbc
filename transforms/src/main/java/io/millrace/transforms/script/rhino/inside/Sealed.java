package io.millrace.transforms.script.rhino.inside;

import org.mozilla.javascript.EcmaError;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.ScriptableObject;

/** Refuses changes of sealed objects that Rhino lets pass. */
public final class Sealed {
    private Sealed() {}

    /** Woven in where an object gets another prototype or scope, is closed to new properties, or gets a property defined. */
    public static void refuse(ScriptableObject object) {
        if (object.isSealed()) {
            throw refused();
        }
    }

    static EcmaError refused() {
        return ScriptRuntime.typeError("a standard object cannot be changed");
    }
}
