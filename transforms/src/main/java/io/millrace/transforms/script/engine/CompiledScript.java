package io.millrace.transforms.script.engine;

import io.millrace.transforms.script.ScriptFailure;
import java.util.List;

/** A script as one thread runs it, on one event after another, none of which leaves anything behind for the next. */
public interface CompiledScript extends AutoCloseable {

    /**
     * What the script makes of an event: JSON objects, each in an array of its own; or the event's own value, the same array, where the
     * script filters alone. Nothing where it filters the event out.
     *
     * @throws ScriptFailure if the event cannot be processed; the next one can
     */
    List<byte[]> run(ScriptInput input) throws ScriptFailure;

    @Override
    void close();
}
