package io.millrace.transforms.enricher;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What the lookups of a step are like.
 *
 * @param id tells the step from all others of the process
 * @param name the step's name, for threads and logs
 * @param provider opens what answers
 * @param calls how calls are made
 * @param callsPerSecond the most calls in a second of all tasks together; infinite for no limit
 * @param cache what is kept; null for nothing
 * @param maxInFlight how many elements of a task are looked up at a time; as many more wait for their turn
 * @param inOrder whether elements leave a task in the order in which they came
 */
record LookupSettings<KeyT, ValueT>(
        String id,
        String name,
        LookupClient.Provider<KeyT, ValueT> provider,
        CallSettings calls,
        double callsPerSecond,
        @Nullable CacheSettings cache,
        int maxInFlight,
        boolean inOrder)
        implements Serializable {

    LookupSettings<KeyT, ValueT> withId(String id) {
        return new LookupSettings<>(id, name, provider, calls, callsPerSecond, cache, maxInFlight, inOrder);
    }

    LookupSettings<KeyT, ValueT> withName(String name) {
        return new LookupSettings<>(id, name, provider, calls, callsPerSecond, cache, maxInFlight, inOrder);
    }

    LookupSettings<KeyT, ValueT> withCalls(CallSettings calls) {
        return new LookupSettings<>(id, name, provider, calls, callsPerSecond, cache, maxInFlight, inOrder);
    }

    LookupSettings<KeyT, ValueT> withCallsPerSecond(double callsPerSecond) {
        return new LookupSettings<>(id, name, provider, calls, callsPerSecond, cache, maxInFlight, inOrder);
    }

    LookupSettings<KeyT, ValueT> withCache(CacheSettings cache) {
        return new LookupSettings<>(id, name, provider, calls, callsPerSecond, cache, maxInFlight, inOrder);
    }

    LookupSettings<KeyT, ValueT> withMaxInFlight(int maxInFlight) {
        return new LookupSettings<>(id, name, provider, calls, callsPerSecond, cache, maxInFlight, inOrder);
    }

    LookupSettings<KeyT, ValueT> withInOrder(boolean inOrder) {
        return new LookupSettings<>(id, name, provider, calls, callsPerSecond, cache, maxInFlight, inOrder);
    }
}
