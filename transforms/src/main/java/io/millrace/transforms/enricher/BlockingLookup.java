package io.millrace.transforms.enricher;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks something that waits for its answers, on threads of its own. */
public final class BlockingLookup<KeyT, ValueT> implements LookupClient<KeyT, ValueT> {
    private final Question<KeyT, ValueT> question;
    private final int maxCalls;
    private final ExecutorService threads;

    private BlockingLookup(Question<KeyT, ValueT> question, int threads) {
        this.question = question;
        this.maxCalls = threads;
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "millrace-blocking-lookup");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Asks on so many threads, which is how many calls can be on their way at a time.
     *
     * @param question is asked on several threads at a time, and closed with this
     */
    public static <KeyT, ValueT> BlockingLookup<KeyT, ValueT> of(Question<KeyT, ValueT> question, int threads) {
        checkArgument(threads >= 1, "threads must be at least 1, but was %s", threads);
        return new BlockingLookup<>(question, threads);
    }

    @Override
    public CompletionStage<Map<KeyT, ValueT>> lookUp(Set<KeyT> keys) {
        CompletableFuture<Map<KeyT, ValueT>> answer = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                if (!answer.isDone()) {
                    answer.complete(question.ask(keys));
                }
            } catch (Throwable e) { // an Error too is an answer that somebody waits for
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    @Override
    public int maxCalls() {
        return maxCalls;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        question.close();
    }

    /** What waits for its answer. */
    public interface Question<KeyT, ValueT> extends AutoCloseable {
        /** The values of those keys that have one. */
        Map<KeyT, ValueT> ask(Set<KeyT> keys) throws Exception;

        @Override
        default void close() {}
    }
}
