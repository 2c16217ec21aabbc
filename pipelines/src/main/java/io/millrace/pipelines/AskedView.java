package io.millrace.pipelines;

import com.google.common.collect.Iterables;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.io.kafka.RequestTopic;
import io.millrace.io.kafka.TopicRequests;
import io.millrace.pipelines.view.Answer;
import io.millrace.pipelines.view.RequestJson;
import io.millrace.transforms.shard.Shards;
import io.millrace.transforms.view.ViewAnswer;
import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A view of a job that runs, which can be asked.
 *
 * @param spec the spec that it is in
 * @param name its name
 * @param view what it is
 * @param control where it is asked
 */
record AskedView(RouterSpec spec, String name, ViewSpec view, RequestTopic control) {
    /** How many keys a request names at most. */
    static final int KEYS_OF_A_REQUEST = 1_000;

    private static final Duration MOMENT = Duration.ofSeconds(1);

    /** How long it may take until a job answers at all, and until it goes on; at low rates the keys of an answer take longer. */
    private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(1);

    private static final int MILLIS = 1000;

    /**
     * Asks, and listens until all shards have answered in full; shows progress, and gives how many keys there were.
     *
     * @throws IOException if the job does not answer, or some of its answers do not come
     */
    long ask(ViewRequest request, Terminal terminal, Consumer<Answer> to) throws IOException {
        try (TopicRequests requests = TopicRequests.open(control)) {
            requests.send(RequestJson.of(request));
            return listen(request, requests, terminal, to);
        }
    }

    /**
     * Asks for keys, a request after the other.
     *
     * @param keysPerSecond how fast; null for the view's own rate
     */
    void ask(Collection<String> keys, Kind kind, @Nullable Double keysPerSecond, Terminal terminal, Consumer<Answer> to)
            throws IOException {
        for (List<String> some : Iterables.partition(keys, KEYS_OF_A_REQUEST)) {
            ask(new ViewRequest(id(), kind, some, null, keysPerSecond), terminal, to);
        }
    }

    /** An id that no request has had. */
    static String id() {
        return UUID.randomUUID().toString();
    }

    /** What has changed is written within the view's interval, and a moment. */
    void awaitWritten() {
        Waiting.pause(view.every().plus(MOMENT));
    }

    /** How long what asks for a rate is waited for: at rates at which a page takes long it has one key. */
    private Duration answersWithin(ViewRequest request) {
        double keysPerSecond = request.keysPerSecond() == null ? view.flushRate() : request.keysPerSecond();
        return ANSWERS_WITHIN.plusMillis((long) (MILLIS * Shards.COUNT * ViewAnswer.PAGES / keysPerSecond));
    }

    private long listen(ViewRequest request, TopicRequests requests, Terminal terminal, Consumer<Answer> to)
            throws IOException {
        Duration within = answersWithin(request);
        Map<Integer, Long> keys = new HashMap<>();
        Map<Integer, Long> told = new HashMap<>();
        Set<Integer> done = new HashSet<>();
        long heardNanos = System.nanoTime();
        long shownNanos = heardNanos;
        while (done.size() < Shards.COUNT) {
            boolean heard = false;
            for (byte[] document : requests.read()) {
                Optional<Answer> answer =
                        Answer.read(document).filter(one -> one.request().equals(request.id()));
                if (answer.isPresent()) {
                    heard = true;
                    keys.put(answer.get().shard(), answer.get().keys());
                    told.merge(answer.get().shard(), (long) answer.get().told().size(), Long::sum);
                    if (answer.get().isLast()) {
                        done.add(answer.get().shard());
                    }
                    to.accept(answer.get());
                }
            }
            long now = System.nanoTime();
            heardNanos = heard ? now : heardNanos;
            if (now - heardNanos > within.toNanos()) {
                throw new IOException(silence(within, done.size()));
            }
            if (now - shownNanos > terminal.progressEvery().toNanos()) {
                shownNanos = now;
                terminal.err()
                        .println(
                                keys.isEmpty()
                                        ? "waiting for the job of view " + name
                                        : "%,d keys; %,d of %,d shards are done"
                                                .formatted(sum(keys), done.size(), Shards.COUNT));
            }
        }
        if (request.kind() == Kind.TELL) {
            checkAllCame(keys, told);
        }
        return sum(keys);
    }

    /** An answer that Kafka does not take is a dead letter of the job; one that comes twice, after a restart, is no harm. */
    private void checkAllCame(Map<Integer, Long> keys, Map<Integer, Long> told) throws IOException {
        long lost = keys.entrySet().stream()
                .mapToLong(ofShard -> Math.max(0, ofShard.getValue() - told.getOrDefault(ofShard.getKey(), 0L)))
                .sum();
        if (lost > 0) {
            throw new IOException("view " + name
                    + " must tell all keys that were asked for, but %,d of %,d did not come: "
                            .formatted(lost, sum(keys))
                    + "the dead letters of its job, of route answers." + name + ", say why");
        }
    }

    private static long sum(Map<Integer, Long> keys) {
        return keys.values().stream().mapToLong(Long::longValue).sum();
    }

    private String silence(Duration within, int shardsDone) {
        String seconds = within.toSeconds() + " s";
        return shardsDone == 0
                ? "view " + name + " must answer within " + seconds + ", but did not: is its job running, with control "
                        + control.topic() + " at " + control.bootstrapServers() + "?"
                : "view " + name + " must go on within " + seconds + ", but has not since " + shardsDone + " of "
                        + Shards.COUNT
                        + " shards were done: its job may be down, and goes on with what was asked when it is"
                        + " back";
    }
}
