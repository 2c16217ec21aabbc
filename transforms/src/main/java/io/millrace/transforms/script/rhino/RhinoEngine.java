package io.millrace.transforms.script.rhino;

import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngine;
import java.util.Set;

/** JavaScript by Rhino. */
public final class RhinoEngine implements ScriptEngine {
    @Override
    public Set<String> languages() {
        return Set.of(Script.JAVASCRIPT);
    }

    @Override
    public CompiledScript compile(Script script, ScriptLimits limits) {
        return RhinoScript.compile(script, limits);
    }
}
