package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.script.rhino.LimitError;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Callable;
import org.mozilla.javascript.EcmaError;
import org.mozilla.javascript.JavaScriptException;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.Symbol;
import org.mozilla.javascript.Undefined;

/** Short texts about what went wrong in a script. */
final class Thrown {
    private static final int MOST = 300;

    private Thrown() {}

    /** The line and what was thrown there. */
    static String message(RhinoException e) {
        return e.lineNumber() > 0 ? "line " + e.lineNumber() + ": " + text(e) : text(e);
    }

    /** What was thrown. Asking an object for its text runs the script, so the limits must still hold. */
    static String text(RhinoException e) {
        if (e instanceof JavaScriptException thrown) {
            return cut(text(thrown.getValue()));
        }
        if (e instanceof EcmaError error) {
            return cut(error.getName() + ": " + error.getErrorMessage());
        }
        return cut(e.details());
    }

    private static String text(@Nullable Object value) {
        if (!(value instanceof Scriptable object) || Undefined.isUndefined(value)) {
            return value instanceof CharSequence text ? text.toString() : plain(value);
        }
        try {
            return ScriptRuntime.toString(object);
        } catch (RhinoException e) {
            return kind(object) + " that has no text";
        }
    }

    private static String plain(@Nullable Object value) {
        return value instanceof Symbol ? "a symbol" : ScriptRuntime.toString(value);
    }

    static String cut(@Nullable String text) {
        String known = String.valueOf(text);
        if (known.length() <= MOST) {
            return known;
        }
        int end = Character.isHighSurrogate(known.charAt(MOST - 1)) ? MOST - 1 : MOST;
        return known.substring(0, end) + "…";
    }

    /** What a script gave, for messages. */
    static String kind(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (Undefined.isUndefined(value) || value == Scriptable.NOT_FOUND) {
            return "undefined";
        }
        if (value instanceof CharSequence) {
            return "a string";
        }
        if (value instanceof Number) {
            return "a number";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        if (value instanceof Symbol) {
            return "a symbol";
        }
        if (value instanceof NativeArray) {
            return "an array";
        }
        return value instanceof Callable ? "a function" : "an object";
    }

    /** What limit was met. */
    static String limit(Throwable e) {
        if (e instanceof LimitError) {
            return String.valueOf(e.getMessage());
        }
        return e instanceof StackOverflowError ? "its calls are nested too deep" : "it used too much memory";
    }

    /** The line of the script that ran, or 0. */
    static int line(Throwable e) {
        return Stream.of(e.getStackTrace())
                .filter(frame -> RhinoCompiler.SOURCE.equals(frame.getFileName()) && frame.getLineNumber() > 0)
                .mapToInt(StackTraceElement::getLineNumber)
                .findFirst()
                .orElse(0);
    }
}
