package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.expression.Problem;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptInput;
import io.millrace.transforms.script.rhino.Guard;
import io.millrace.transforms.script.rhino.LimitError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.mozilla.classfile.ClassFileWriter.ClassFileFormatException;
import org.mozilla.javascript.CompilerEnvirons;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.EvaluatorException;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.IRFactory;
import org.mozilla.javascript.JSScript;
import org.mozilla.javascript.Parser;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.ast.AstRoot;
import org.mozilla.javascript.ast.ScriptNode;
import org.mozilla.javascript.optimizer.Codegen;
import org.objectweb.asm.MethodTooLargeException;

/** Compiles scripts. Made once for a loader. */
public final class RhinoCompiler implements BiFunction<Script, ScriptLimits, CompiledScript> {
    /** The name of the text, as stack traces give it. */
    static final String SOURCE = "script";

    /** A machine that has just started takes long for everything. */
    private static final ScriptLimits COMPILATION =
            new ScriptLimits(Duration.ofSeconds(20), 1, 1, Integer.MAX_VALUE, Long.MAX_VALUE);

    private static final String FIRST_SCRIPT = """
            function map() {
              const date = new Date(0);
              return {
                texts: ['NFC', 'NFD', 'NFKC', 'NFKD'].map(form => 'é'.normalize(form)),
                order: 'a'.localeCompare('b'),
                dates: [date.toLocaleString(), date.toLocaleDateString(), date.toLocaleTimeString(), date.toString()],
                numbers: [(1.5).toLocaleString(), (1.5).toFixed(1), Math.sin(1)],
                cases: ['I'.toLocaleLowerCase(), 'i'.toLocaleUpperCase()],
                matched: 'ab'.replace(/(a)/gi, '$1')
              };
            }
            """;

    private static final Duration FIRST_RUN = Duration.ofSeconds(2);

    public RhinoCompiler() {
        try (Context context = SafeContext.FACTORY.enterContext()) {
            new Realm(context);
        }
        initializePlatform();
    }

    /** What the platform initialises at its first use, deep in a script, a script could keep from ever being initialised. */
    private static void initializePlatform() {
        try (CompiledScript script = compiled(Script.javascript(FIRST_SCRIPT), ScriptLimits.DEFAULT)) {
            script.run(new ScriptInput(
                    Event.of(new Origin("first", 0, 0), null, "{}".getBytes(StandardCharsets.UTF_8)), 0, ""));
        } catch (ScriptFailure e) {
            throw new IllegalStateException("the first script must run", e);
        }
    }

    @Override
    public CompiledScript apply(Script script, ScriptLimits limits) {
        return LargeStack.call(() -> compiled(script, limits));
    }

    private static CompiledScript compiled(Script script, ScriptLimits limits) {
        SourceProblems problems = new SourceProblems(script.source());
        Guard guard = new Guard();
        try (Context context = SafeContext.FACTORY.enterContext()) {
            try {
                return compile(script, limits, context, problems, guard);
            } catch (RuntimeException | Error e) {
                add(e, guard, problems);
            } finally {
                guard.end();
            }
        }
        problems.check();
        throw new IllegalStateException("a script that does not compile must have a problem");
    }

    private static CompiledScript compile(
            Script script, ScriptLimits limits, Context context, SourceProblems problems, Guard guard) {
        guard.begin(COMPILATION, () -> 0, () -> "");
        JSScript compiled;
        try {
            compiled = compile(script, context, problems);
        } catch (ClassFileFormatException | MethodTooLargeException | StackOverflowError e) {
            throw tooLarge();
        }
        Realm realm = new Realm(context);
        guard.begin(firstRun(limits), RhinoCompiler::noTime, () -> "");
        List<ScriptFunction> defined = defined(compiled, new EventScope(realm), context);
        guard.end();
        checkFunctions(script, defined, problems);
        problems.check();
        return new RhinoScript(limits, compiled, realm, called(script, defined));
    }

    private static ScriptException tooLarge() {
        return new ScriptException(
                List.of(new Problem(1, 1, "a function or an expression of the script is too large")));
    }

    private static void add(Throwable e, Guard guard, SourceProblems problems) {
        Throwable cause = e;
        String message = "";
        try {
            message = e instanceof RhinoException thrown ? Thrown.text(thrown) : "";
        } catch (RuntimeException | Error another) {
            cause = another;
        }
        guard.end();
        LimitError limit = guard.limit();
        cause = limit == null ? cause : limit;
        if (cause instanceof RhinoException thrown) {
            problems.addToLine(thrown.lineNumber(), message);
        } else if (cause instanceof LimitError || cause instanceof StackOverflowError) {
            problems.addToLine(Thrown.line(cause), "the script's top level cannot be run: " + Thrown.limit(cause));
        } else if (cause instanceof ScriptException exception) {
            throw exception;
        } else if (cause instanceof RuntimeException) {
            problems.add(
                    0,
                    "the engine cannot compile the script: " + cause.getClass().getName());
        } else {
            throw (Error) cause;
        }
    }

    private static ScriptLimits firstRun(ScriptLimits limits) {
        Duration time = limits.time().compareTo(FIRST_RUN) > 0 ? limits.time() : FIRST_RUN;
        return limits.withTime(time);
    }

    private static long noTime() {
        throw ScriptRuntime.typeError("there is no time at the script's top level before an event");
    }

    private static JSScript compile(Script script, Context context, SourceProblems problems) {
        CompilerEnvirons settings = settings(context, problems);
        settings.setRecoverFromErrors(true);
        AstRoot checked;
        try {
            checked = new Parser(settings, problems).parse(script.source(), SOURCE, 1);
        } catch (EvaluatorException e) {
            problems.check();
            throw e;
        }
        problems.check();
        Nesting.check(checked, problems);
        problems.check();
        ResultTypes.check(script, checked, problems);
        problems.check();
        CompilerEnvirons environs = settings(context, problems);
        try {
            AstRoot root = new Parser(environs, problems).parse(script.source(), SOURCE, 1);
            Rounds.beginAnew(root, problems);
            LoopVariables.separate(root, problems);
            problems.check();
            ScriptNode tree = new IRFactory(environs, SOURCE, script.source(), problems).transformTree(root);
            problems.check();
            tree.setRawSource(script.source());
            tree.setRawSourceBounds(0, script.source().length());
            Codegen codegen = new Codegen();
            Object code = codegen.compile(environs, tree, script.source(), false);
            return (JSScript) codegen.createScriptObject(code, null);
        } catch (EvaluatorException e) {
            problems.check();
            throw e;
        }
    }

    private static CompilerEnvirons settings(Context context, SourceProblems problems) {
        CompilerEnvirons settings = new CompilerEnvirons();
        settings.initFromContext(context);
        settings.setErrorReporter(problems);
        return settings;
    }

    private static List<ScriptFunction> defined(JSScript compiled, EventScope scope, Context context) {
        compiled.exec(context, scope, scope);
        return Arrays.stream(ScriptFunction.values())
                .filter(function -> scope.get(function.text(), scope) instanceof Function)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static void checkFunctions(Script script, List<ScriptFunction> defined, SourceProblems problems) {
        ScriptFunction wanted = script.function();
        if (wanted != null) {
            if (!defined.contains(wanted)) {
                problems.add(
                        0, "the script must define the function " + wanted.text() + ", but defines " + names(defined));
            }
        } else if (defined.isEmpty()) {
            problems.add(0, "the script must define filter, map or flatMap, but defines none of them");
        } else if (defined.contains(ScriptFunction.MAP) && defined.contains(ScriptFunction.FLAT_MAP)) {
            problems.add(0, "the script must define map or flatMap, but defines both");
        }
    }

    private static String names(List<ScriptFunction> functions) {
        return functions.isEmpty()
                ? "none"
                : functions.stream().map(ScriptFunction::text).collect(Collectors.joining(" and "));
    }

    private static List<ScriptFunction> called(Script script, List<ScriptFunction> defined) {
        return script.function() == null ? defined : List.of(script.function());
    }
}
