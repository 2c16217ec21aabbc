package io.millrace.transforms.router;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What answers a {@link Route.Lookup} within the step that routes, since nobody is waited for: a table in memory. A task opens it when it
 * is set up, has it report at the end of each bundle, and closes it at its end; one thread at a time.
 */
public interface Answers extends Serializable {

    /** Joins; before anything is asked. */
    void open();

    /** What there is of a key. May wait until there is anything at all. */
    Answer of(String key) throws InterruptedException;

    /** Tells metrics what was done. */
    void report();

    /** Leaves. */
    void close();

    /**
     * What becomes of an event.
     *
     * @param fate what is done
     * @param value what is set, one value of JSON; null where nothing is
     * @param ageMillis how old it is
     */
    record Answer(Fate fate, byte @Nullable [] value, long ageMillis) {}

    /** What can become of an event. */
    enum Fate {
        /** It goes on with the value, or as it is where there is none. */
        GO_ON,
        /** It is dropped, and counted as filtered. */
        DROP,
        /** It becomes a dead letter. */
        GIVE_UP
    }
}
