package io.millrace.transforms.script.engine;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The engines on the class path, by the languages that they run. */
public final class ScriptEngines {
    private ScriptEngines() {}

    /**
     * The engine of a language.
     *
     * @throws IllegalArgumentException if there is none
     * @throws IllegalStateException if two engines have the same language
     */
    public static ScriptEngine of(String language) {
        Map<String, ScriptEngine> engines = byLanguage();
        ScriptEngine engine = engines.get(language);
        checkArgument(engine != null, "language must be one of %s, but was '%s'", engines.keySet(), language);
        return engine;
    }

    private static Map<String, ScriptEngine> byLanguage() {
        Map<String, ScriptEngine> engines = new TreeMap<>();
        for (ScriptEngine engine : ServiceLoader.load(ScriptEngine.class)) {
            for (String language : engine.languages()) {
                ScriptEngine other = engines.put(language, engine);
                if (other != null) {
                    throw new IllegalStateException("language " + language + " must have one engine, but has "
                            + other.getClass().getName() + " and "
                            + engine.getClass().getName());
                }
            }
        }
        return engines;
    }
}
