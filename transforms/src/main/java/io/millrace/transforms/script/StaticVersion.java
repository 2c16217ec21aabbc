package io.millrace.transforms.script;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.script.engine.CompiledScript;
import io.millrace.transforms.script.engine.ScriptEngines;
import io.millrace.transforms.script.engine.ScriptInput;
import java.util.List;

/**
 * The one version of a script that never changes.
 *
 * @param script the script
 */
record StaticVersion(Script script) implements Versions {

    @Override
    public InTask open(ScriptLimits limits, String pipeline, String route) {
        return new Only(ScriptEngines.of(script.language()).compile(script, limits), script.version());
    }

    private record Only(CompiledScript compiled, String id) implements InTask, Version {
        @Override
        public Version at(long timestampMillis) {
            return this;
        }

        @Override
        public List<byte[]> run(Event event, long timestampMillis) throws ScriptFailure {
            return compiled.run(new ScriptInput(event, timestampMillis, id));
        }

        @Override
        public Headers mark(Headers headers) {
            return headers;
        }

        @Override
        public void processed(boolean failed) {}

        @Override
        public void finishBundle() {}

        @Override
        public void close() {
            compiled.close();
        }
    }
}
