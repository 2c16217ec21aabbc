package io.millrace.transforms.script.graaljs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.io.Resources;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.expression.Problem;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.Results;
import io.millrace.transforms.script.engine.ScriptInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SandboxPolicy;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** A script in a context of its own, which is made anew after what could not be ended otherwise. */
final class GraalJsScript implements CompiledScript {
    private static final String JS = "js";
    private static final String NAME = "script";
    /** On the script's first line, so that its lines keep their numbers. */
    private static final String BEFORE = "(function () { ";

    private static final String AFTER = "\nreturn {"
            + "filter: typeof filter === 'function' ? filter : undefined, "
            + "map: typeof map === 'function' ? map : undefined, "
            + "flatMap: typeof flatMap === 'function' ? flatMap : undefined}; })";
    private static final Duration FIRST_TIME = Duration.ofSeconds(5);
    private static final Source REALM = realmSource();
    private static final Engine ENGINE = Engine.newBuilder(JS)
            .option("engine.WarnInterpreterOnly", "false")
            .sandbox(SandboxPolicy.TRUSTED)
            .build();

    private final Source source;
    private final Script script;
    private final ScriptLimits limits;
    private @Nullable Realm realm;

    private GraalJsScript(Script script, ScriptLimits limits) {
        this.script = script;
        this.limits = limits;
        this.source =
                Source.newBuilder(JS, BEFORE + script.source() + AFTER, NAME).buildLiteral();
    }

    private static Source realmSource() {
        try {
            String text = Resources.toString(Resources.getResource(GraalJsScript.class, "realm.js"), UTF_8);
            return Source.newBuilder(JS, text, "realm.js").buildLiteral();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GraalJsScript compile(Script script, ScriptLimits limits) {
        GraalJsScript made = new GraalJsScript(script, limits);
        try {
            made.check(made.realm().run.execute(made.realm().define, null, 0, 0, null, "{}", "", made.wanted()));
        } catch (PolyglotException e) {
            throw new ScriptException(List.of(problem(e)));
        }
        return made;
    }

    private void check(Value defined) {
        Set<String> functions = new HashSet<>(defined.as(List.class));
        String problem = null;
        if (functions.isEmpty()) {
            problem = script.function() == null
                    ? "the script must define filter, map or flatMap"
                    : "the script must define the function " + script.function().text();
        } else if (functions.contains("map") && functions.contains("flatMap")) {
            problem = "the script defines both map and flatMap: function must say which is called";
        }
        if (problem != null) {
            throw new ScriptException(List.of(new Problem(1, 1, problem)));
        }
    }

    private static Problem problem(PolyglotException e) {
        SourceSection at = e.getSourceLocation();
        int line = at == null ? 1 : at.getStartLine();
        boolean isWrapped =
                at != null && at.getSource().getCharacters().toString().startsWith(BEFORE);
        int column = at == null ? 1 : at.getStartColumn() - (line == 1 && isWrapped ? BEFORE.length() : 0);
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new Problem(line, Math.max(1, column), message);
    }

    private @Nullable String wanted() {
        return script.function() == null ? null : script.function().text();
    }

    /** A context with the script in it. */
    private record Realm(Context context, Value run, Value define) {}

    private Realm realm() {
        Realm current = realm;
        if (current == null) {
            Context context = Context.newBuilder(JS)
                    .engine(ENGINE)
                    .allowHostAccess(HostAccess.NONE)
                    .timeZone(ZoneOffset.UTC)
                    .allowExperimentalOptions(true)
                    .option("js.disable-eval", "true")
                    .option("js.graal-builtin", "false")
                    .option("js.polyglot-builtin", "false")
                    .option("js.load", "false")
                    .option("js.print", "false")
                    .option("js.console", "false")
                    .build();
            context.parse(Source.newBuilder(JS, script.source(), NAME)
                    .buildLiteral()); // alone, or it could end what is put around it
            current = new Realm(context, context.eval(REALM), context.eval(source));
            realm = current;
            getUsedTo(current);
        }
        return current;
    }

    /** What runs first takes much longer, and that is no event's fault. */
    private void getUsedTo(Realm realm) {
        Watch watch = Watch.over(realm.context, FIRST_TIME);
        try {
            realm.run.execute(realm.define, "{}", 0, 0, null, "{}", "", wanted());
        } catch (PolyglotException e) {
            forgetRealmIf(e.isCancelled()); // it did not like the event
        } finally {
            watch.end();
        }
    }

    @Override
    public List<byte[]> run(ScriptInput input) throws ScriptFailure {
        byte[] value = input.event().value();
        if (value == null) {
            throw new ScriptFailure(Reason.NO_VALUE, "the event has no value");
        }
        Realm current = realm();
        Watch watch = Watch.over(current.context, limits.time());
        try {
            Value made = call(current, input, new String(value, UTF_8));
            if (made.isString()) {
                throw new ScriptFailure(Reason.NOT_JSON, made.asString());
            }
            return made.isNull() ? List.of(value) : results(made);
        } catch (PolyglotException e) {
            throw failure(e);
        } finally {
            watch.end();
        }
    }

    private Value call(Realm realm, ScriptInput input, String value) {
        Event event = input.event();
        return realm.run.execute(
                realm.define,
                value,
                input.hasTimestamp() ? (double) input.timestampMillis() : null,
                event.id().hashCode(),
                text(event.key()),
                json(event.headers()),
                input.version(),
                wanted());
    }

    private List<byte[]> results(Value made) throws ScriptFailure {
        Results results = new Results(limits);
        for (long i = 0; i < made.getArraySize(); i++) {
            results.add(made.getArrayElement(i).asString().getBytes(UTF_8));
        }
        return results.all();
    }

    private ScriptFailure failure(PolyglotException e) {
        if (e.isInterrupted() || e.isCancelled()) {
            forgetRealmIf(e.isCancelled());
            return new ScriptFailure(
                    Reason.SCRIPT_LIMIT,
                    "the script took more than " + limits.time().toMillis() + " ms");
        }
        if (e.isResourceExhausted() || e.isInternalError()) {
            forgetRealmIf(true);
            return new ScriptFailure(Reason.SCRIPT_LIMIT, "the script used up memory or stack");
        }
        Problem problem = problem(e);
        SourceSection at = e.getSourceLocation();
        boolean isOurs = at != null && at.getSource().getName().equals("realm.js");
        return new ScriptFailure(Reason.SCRIPT_FAILED, isOurs || at == null ? problem.message() : problem.toString());
    }

    private void forgetRealmIf(boolean closed) {
        realm = closed ? null : realm;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    private static String json(Headers headers) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < headers.size(); i++) {
            json.append(i == 0 ? "" : ",").append(quoted(headers.name(i))).append(':');
            byte[] value = headers.value(i);
            json.append(value == null ? "null" : quoted(new String(value, UTF_8)));
        }
        return json.append('}').toString();
    }

    private static String quoted(String text) {
        return '"'
                + String.valueOf(com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance()
                        .quoteAsString(text))
                + '"';
    }

    @Override
    public void close() {
        if (realm != null) {
            requireNonNull(realm).context.close(true);
            realm = null;
        }
    }
}
