package io.millrace.transforms.script.jsr223;

import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngine;
import java.util.Set;
import java.util.TreeSet;
import javax.script.ScriptEngineFactory;
import javax.script.ScriptEngineManager;

/**
 * The languages whose engines the class path has for {@code javax.script}, such as Groovy: each by the names that its engine gives
 * itself.
 *
 * <p>An event is a {@code java.util.Map}, and so is a result. Of the limits, only those of what comes out are kept: such an engine cannot
 * be stopped, reaches all of Java, and remembers what a script leaves in its globals. So a script in one of these languages is to be
 * trusted as a jar is.
 */
public final class Jsr223Engine implements ScriptEngine {
    @Override
    public Set<String> languages() {
        Set<String> languages = new TreeSet<>();
        new ScriptEngineManager()
                .getEngineFactories().stream()
                        .map(ScriptEngineFactory::getNames)
                        .forEach(languages::addAll);
        return languages;
    }

    @Override
    public CompiledScript compile(Script script, ScriptLimits limits) {
        return Jsr223Script.compile(script, limits, new ScriptEngineManager().getEngineByName(script.language()));
    }
}
