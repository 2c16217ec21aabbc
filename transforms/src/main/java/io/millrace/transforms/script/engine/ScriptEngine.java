package io.millrace.transforms.script.engine;

import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptLimits;
import java.util.Set;

/**
 * What runs scripts of some languages. Engines are found by {@link java.util.ServiceLoader}; {@link ScriptEngines} chooses one.
 *
 * <p>An engine may be asked by several threads at the same time.
 */
public interface ScriptEngine {

    /** The names of the languages, as a script gives them. */
    Set<String> languages();

    /**
     * Makes a script ready for one thread.
     *
     * @throws io.millrace.transforms.script.ScriptException with every problem of the text: of its syntax, a function that is missing, a
     *     result that cannot be of the right type
     */
    CompiledScript compile(Script script, ScriptLimits limits);
}
