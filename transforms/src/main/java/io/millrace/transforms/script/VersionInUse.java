package io.millrace.transforms.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.engine.ScriptInput;
import io.millrace.transforms.script.version.ScriptVersion;
import java.util.List;

/** A version of several, compiled for one task; what it makes says so in a header. */
class VersionInUse implements Versions.Version, AutoCloseable {
    private static final byte[] TRUE = "true".getBytes(UTF_8);

    private final CompiledScript compiled;
    private final String id;
    private final byte[] idBytes;
    private boolean provisional;

    VersionInUse(CompiledScript compiled, String id) {
        this.compiled = compiled;
        this.id = id;
        this.idBytes = id.getBytes(UTF_8);
    }

    static VersionInUse of(ScriptVersion version, ScriptLimits limits) {
        return new VersionInUse(compile(version, limits), version.id());
    }

    static CompiledScript compile(ScriptVersion version, ScriptLimits limits) {
        return ScriptEngines.of(version.script().language()).compile(version.script(), limits);
    }

    String id() {
        return id;
    }

    /** Says whether another version may turn out to be that of the next event. */
    void provisional(boolean provisional) {
        this.provisional = provisional;
    }

    @Override
    public List<byte[]> run(Event event, long timestampMillis) throws ScriptFailure {
        return compiled.run(new ScriptInput(event, timestampMillis, id));
    }

    @Override
    public Headers mark(Headers headers) {
        Headers marked = headers.without(RunScript.PROVISIONAL_HEADER).with(RunScript.VERSION_HEADER, idBytes);
        return provisional ? marked.with(RunScript.PROVISIONAL_HEADER, TRUE) : marked;
    }

    @Override
    public void processed(boolean failed) {}

    @Override
    public void close() {
        compiled.close();
    }
}
