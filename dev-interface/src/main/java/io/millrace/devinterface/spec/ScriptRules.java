package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Reading.Part;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.engine.ScriptEngine;
import io.millrace.transforms.script.engine.ScriptEngines;
import java.util.function.UnaryOperator;

/** What must hold for the scripts of routes: there is an engine for each, and it takes the text, unless that comes later. */
final class ScriptRules {
    private final Reading reading;
    private final Part part;
    private final ScriptSpec spec;

    private ScriptRules(Reading reading, Part part) {
        this.reading = reading;
        this.part = part;
        this.spec = (ScriptSpec) part.made();
    }

    /** Notes what does not hold. */
    static void check(Reading reading) {
        reading.parts(ScriptSpec.class).forEach(part -> new ScriptRules(reading, part).check());
    }

    private void check() {
        try {
            ScriptEngine engine = ScriptEngines.of(spec.language());
            String file = spec.file();
            if (file != null) {
                check(engine, file);
            } else if (spec.source() != null) {
                check(engine, spec, "source", UnaryOperator.identity());
            }
        } catch (IllegalArgumentException e) {
            problem("language", e);
        }
    }

    private void check(ScriptEngine engine, String file) {
        try {
            check(engine, ScriptFile.inlined(spec), "file", said -> Words.shortened(file) + " " + said);
        } catch (IllegalArgumentException e) {
            problem("file", e);
        }
    }

    private void check(ScriptEngine engine, ScriptSpec whole, String key, UnaryOperator<String> placed) {
        try {
            engine.compile(whole.script(), whole.scriptLimits()).close();
        } catch (ScriptException e) {
            e.problems().forEach(problem -> problem(key, placed.apply(ScalarForm.said(problem))));
        }
    }

    private void problem(String key, IllegalArgumentException e) {
        problem(key, String.valueOf(e.getMessage()));
    }

    private void problem(String key, String message) {
        String path = Words.key(part.path(), key);
        reading.problem(path, reading.at(path).orElse(part.at()), message);
    }
}
