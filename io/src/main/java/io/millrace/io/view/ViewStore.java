package io.millrace.io.view;

import java.io.Closeable;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where a view is held: in zones, each of which has a whole copy of it, spread over its servers by key.
 *
 * <p>Two stores that are equal are one store: tasks of a process share its connections.
 */
public interface ViewStore extends Serializable {

    /** What the store is, in messages. */
    String name();

    /** The names of the zones. */
    List<String> zones();

    /** What keeps a text from being a key, for a person; null where nothing does. */
    @Nullable String keyProblem(String key);

    /** The largest value, in bytes, that the store takes. */
    int maxValueBytes();

    /** The field of a stored document, at its top level, that has its version. */
    String versionField();

    /** Whether another store has some of the same keys in the same servers. */
    default boolean overlaps(ViewStore other) {
        return equals(other);
    }

    /**
     * Opens connections to the servers of a zone. A server that is away need not be reached yet.
     *
     * @throws IllegalArgumentException if that can never work as things are
     */
    Zone open(String zone);

    /**
     * One zone, for any number of threads. Keys are such that nothing keeps them from being one.
     *
     * <p><i>Order</i>: what one thread asks of a key, its server does in that order; but what failed may be done later all the same, or never.
     *
     * <p><i>Fails</i>: a stage ends with an {@link java.io.IOException} if its server cannot do it now, at once where the server is known to be
     * away, and with a {@link io.millrace.io.sink.RefusedException} if the server takes no such value, however often it is sent.
     */
    interface Zone extends Closeable {

        /**
         * Whether the server of a key is known to be away, so that nothing is sent to it. Whoever asks has the server looked for, now and then;
         * it is back when it has answered for a while, in which what was sent to it before has arrived or is lost.
         */
        boolean isAway(String key);

        /** Stores a value, whatever is there. */
        CompletionStage<Void> set(String key, byte[] value);

        /** Deletes what is there; nothing may be. */
        CompletionStage<Void> delete(String key);

        /** What is stored under keys; those that have nothing are left out. */
        CompletionStage<Map<String, Stored>> get(Collection<String> keys);

        /** Stores a value in place of what was seen; whether it was still there. */
        CompletionStage<Boolean> replace(String key, Stored seen, byte[] value);

        /** Stores a value where there is none; whether there was none. */
        CompletionStage<Boolean> add(String key, byte[] value);

        /** Deletes what was seen; whether it was still there, or nothing is. */
        CompletionStage<Boolean> delete(String key, Stored seen);

        /** Ends the connections; what waits on them fails. */
        @Override
        void close();
    }

    /**
     * What is stored under a key.
     *
     * @param value the value
     * @param token changes with the value: by it is told whether it is still the same
     * @param isPlain whether readers take the value as it is; false where it is marked as something that no view writes
     */
    record Stored(byte[] value, long token, boolean isPlain) {}
}
