package io.millrace.transforms.script.rhino;

import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngine;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * JavaScript by Rhino, whose classes are woven with a guard as they are loaded: it counts what a script, and the engine for it, does and
 * allocates, and ends what goes beyond the limits.
 *
 * <p>A script sees the standard objects, its event and its context, and nothing of Java. Each event has a scope of its own over standard
 * objects that nothing can change, so it finds nothing of another event.
 */
public final class RhinoEngine implements ScriptEngine {
    @Override
    public Set<String> languages() {
        return Set.of(Script.JAVASCRIPT);
    }

    @Override
    public CompiledScript compile(Script script, ScriptLimits limits) {
        return Inside.COMPILER.apply(script, limits);
    }

    /** The one reference from here to woven classes; made when the first script is compiled. */
    private static final class Inside {
        private static final String NAME = RhinoEngine.class.getPackageName() + ".inside.RhinoCompiler";
        private static final BiFunction<Script, ScriptLimits, CompiledScript> COMPILER = compiler();

        @SuppressWarnings("unchecked")
        private static BiFunction<Script, ScriptLimits, CompiledScript> compiler() {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            WovenLoader loader = new WovenLoader(RhinoEngine.class.getClassLoader());
            thread.setContextClassLoader(loader); // Rhino's ServiceLoader looks there
            try {
                loader.initialise(NAME);
                return (BiFunction<Script, ScriptLimits, CompiledScript>)
                        loader.loadClass(Inside.class.getPackageName() + ".inside.RhinoCompiler")
                                .getDeclaredConstructor()
                                .newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the engine cannot be loaded", e);
            } finally {
                thread.setContextClassLoader(before);
            }
        }
    }
}
