package io.millrace.transforms.enricher;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What answers lookups: a service, a database, a cache. A process opens one for each {@link Enrich}, which all its tasks share.
 *
 * <p>{@link #lookUp} only asks: it must return at once, and complete its stage on any thread, which may then ask for the next keys: so
 * not under a lock. {@link BlockingLookup} makes one of a function that waits. Time limits, tries, rates and caches are what {@link Enrich} adds; a client needs none of its own.
 *
 * <p><i>Fails</i>: with {@link LookupRefusedException} where asking again would give the same; with {@link LookupThrottledException}
 * where the service asks for a pause; with anything else where it may work the next time.
 *
 * @param <KeyT> what is asked for; with {@code equals} and {@code hashCode}
 * @param <ValueT> what is answered
 */
public interface LookupClient<KeyT, ValueT> extends AutoCloseable {

    /**
     * Asks for keys, in one call.
     *
     * @param keys one at least, and no more than {@link Provider#maxBatch}; all of one place
     * @return the values of those keys that have one
     */
    CompletionStage<Map<KeyT, ValueT>> lookUp(Set<KeyT> keys);

    /**
     * Where a key's value is, of few places, with {@code equals} and {@code hashCode}. Only keys of the same place go into one call, and each place has a circuit breaker of its own, so that no
     * other's lookups fail with it.
     */
    default Object placeOf(KeyT key) {
        return this;
    }

    /** How many calls it makes at a time; what is asked beyond them waits before its time limit begins. */
    default int maxCalls() {
        return Integer.MAX_VALUE;
    }

    @Override
    void close();

    /** Opens clients where they are needed. Equal for equal settings. */
    interface Provider<KeyT, ValueT> extends Serializable {
        /** Opens a client; it need not connect before it is asked. */
        LookupClient<KeyT, ValueT> open();

        /** How many keys one call may ask for. */
        default int maxBatch() {
            return 1;
        }
    }
}
