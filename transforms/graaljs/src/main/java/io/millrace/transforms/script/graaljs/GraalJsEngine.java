package io.millrace.transforms.script.graaljs;

import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngine;
import java.util.Set;

/**
 * JavaScript by GraalJS, the language {@code graaljs}: newer ECMAScript than Rhino's and several times slower on a stock JDK.
 *
 * <p>Scripts reach no Java, file, process or thread, and standard objects are frozen. Of the limits, {@code memoryBytes} and
 * {@code depth} are not kept: an event that needs too much memory can end the process. What comes out
 * is limited.
 */
public final class GraalJsEngine implements ScriptEngine {
    /** The language's name in a script. */
    public static final String LANGUAGE = "graaljs";

    @Override
    public Set<String> languages() {
        return Set.of(LANGUAGE);
    }

    @Override
    public CompiledScript compile(Script script, ScriptLimits limits) {
        return GraalJsScript.compile(script, limits);
    }
}
