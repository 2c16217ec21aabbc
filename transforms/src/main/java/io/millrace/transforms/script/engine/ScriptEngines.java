package io.millrace.transforms.script.engine;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.script.jsr223.Jsr223Engine;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The engines on the class path, by the languages that they run: those of our port before those of {@code javax.script}. */
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
        return engine == null ? pluggedIn(language, engines.keySet()) : engine;
    }

    private static ScriptEngine pluggedIn(String language, Set<String> others) {
        ScriptEngine pluggedIn = new Jsr223Engine();
        Set<String> languages = new TreeSet<>(pluggedIn.languages());
        languages.addAll(others);
        checkArgument(
                languages.contains(language),
                "language must be one of %s, but was '%s': another one needs its engine on the class path, which -Pgraaljs adds"
                        + " for graaljs",
                languages,
                language);
        return pluggedIn;
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
