package io.millrace.transforms.enricher;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A service in this process that answers as a test says, found again by its name after it was serialised. */
record AnsweringService(String name, int maxBatch) implements LookupClient.Provider<String, String> {
    private static final Map<String, Function<Set<String>, CompletionStage<Map<String, String>>>> ANSWERS =
            new ConcurrentHashMap<>();
    private static final Map<String, Queue<Set<String>>> CALLS = new ConcurrentHashMap<>();
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** Answers calls by a function. */
    static AnsweringService of(Function<Set<String>, CompletionStage<Map<String, String>>> answer) {
        AnsweringService service = new AnsweringService("service-" + NAMES.incrementAndGet(), 1);
        ANSWERS.put(service.name, answer);
        CALLS.put(service.name, new ConcurrentLinkedQueue<>());
        return service;
    }

    /** Answers each key at once by a function, which gives null for nothing and may throw. */
    static AnsweringService ofKeys(Function<String, String> answer) {
        return of(keys -> {
            Map<String, String> values = new ConcurrentHashMap<>();
            keys.forEach(key -> {
                String value = answer.apply(key);
                if (value != null) {
                    values.put(key, value);
                }
            });
            return CompletableFuture.completedFuture(values);
        });
    }

    AnsweringService withMaxBatch(int maxBatch) {
        return new AnsweringService(name, maxBatch);
    }

    /** The keys of each call so far. */
    Queue<Set<String>> calls() {
        return CALLS.get(name);
    }

    @Override
    public LookupClient<String, String> open() {
        return new LookupClient<>() {
            @Override
            public CompletionStage<Map<String, String>> lookUp(Set<String> keys) {
                calls().add(keys);
                return ANSWERS.get(name).apply(keys);
            }

            @Override
            public void close() {}
        };
    }
}
