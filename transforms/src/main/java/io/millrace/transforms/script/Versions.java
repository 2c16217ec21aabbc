package io.millrace.transforms.script;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import java.io.Serializable;
import java.util.List;

/** Where a step gets the version of a script from that an event is processed by. */
interface Versions extends Serializable {

    /** Opens them for one task of a route of a pipeline. */
    InTask open(ScriptLimits limits, String pipeline, String route) throws InterruptedException;

    /** The versions that a task uses. */
    interface InTask extends AutoCloseable {
        /** The version of an event at a time, which is used before the next is asked for. */
        Version at(long timestampMillis) throws InterruptedException;

        /** Counts what has not been counted yet. */
        void finishBundle();

        @Override
        void close();
    }

    /** A version, ready to be used. */
    interface Version {
        /** What it makes of an event. */
        List<byte[]> run(Event event, long timestampMillis) throws ScriptFailure;

        /** The headers of what it makes of an event that has these. */
        Headers mark(Headers headers);

        /** What became of an event. */
        void processed(boolean failed);
    }
}
