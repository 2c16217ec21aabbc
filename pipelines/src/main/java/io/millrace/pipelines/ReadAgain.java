package io.millrace.pipelines;

import io.millrace.io.sink.Replayed;
import io.millrace.io.source.OffsetRange;
import io.millrace.pipelines.router.TopicOffsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a route has been given again: not what it has had from jobs before it came to its job, nor what was not known yet where the read began.
 *
 * @param topics the topics of streams
 * @param from where the read began
 * @param until where it ends
 * @param had what the route has had from jobs before
 */
record ReadAgain(Map<String, String> topics, TopicOffsets from, TopicOffsets until, TopicOffsets had)
        implements Replayed {

    @Override
    public Optional<OffsetRange> of(String stream, int partition) {
        @Nullable String topic = topics.get(stream);
        if (topic == null) {
            return Optional.empty();
        }
        long seen = had.of(topic, partition).orElse(0L);
        return from.of(topic, partition)
                .map(first -> Math.max(first, seen))
                .flatMap(first ->
                        until.of(topic, partition).filter(end -> end > first).map(end -> new OffsetRange(first, end)));
    }
}
