package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkState;

import io.millrace.io.source.OffsetRange;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a read begins and ends in each partition, looked up once: when the read is split.
 *
 * <p>KafkaIO looks up a topic's partitions when it splits, through a consumer of ours, and serialises the splits afterwards. So
 * what is looked up there is part of every split and of every checkpoint, and a restart reads between the same bounds. It is not
 * looked up where the pipeline is constructed, since secrets may be known to the cluster alone.
 */
final class ReadBounds implements Serializable {
    private static final long serialVersionUID = 1;

    private final KafkaStart start;
    private final @Nullable StartOffsets startOffsets;
    private final StartOffsets reached;
    private final KafkaStop stop;
    private final Map<String, Integer> partitionCounts = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> starts = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();

    /**
     * Bounds that are still to be looked up.
     *
     * @param reached where a read before this one had come to, from where this one goes on. Topics that it
     *     names begin there, and their partitions that it does not name at their first record; for other topics start decides
     */
    ReadBounds(KafkaStart start, @Nullable StartOffsets startOffsets, StartOffsets reached, KafkaStop stop) {
        this.start = start;
        this.startOffsets = startOffsets;
        this.reached = reached;
        this.stop = stop;
    }

    /** Bounds that are known. */
    static ReadBounds of(Map<TopicPartition, OffsetRange> ranges) {
        Map<TopicPartition, Long> firsts = new HashMap<>();
        ranges.forEach((partition, range) -> firsts.put(partition, range.first()));
        ReadBounds bounds = new ReadBounds(KafkaStart.EARLIEST, null, new StartOffsets(firsts), KafkaStop.NEVER);
        ranges.forEach((partition, range) -> bounds.ends.put(partition, range.end()));
        return bounds;
    }

    /** Looks up what the topic's bounds need, unless that was done before. */
    synchronized void fix(String topic, int partitionCount, Consumer<?, ?> consumer) {
        if (!partitionCounts.containsKey(topic)) {
            List<TopicPartition> partitions = partitions(topic, partitionCount);
            starts.putAll(starts(topic, partitions, consumer));
            if (stop.kind() == KafkaStop.Kind.END) {
                ends.putAll(consumer.endOffsets(partitions));
            }
            partitionCounts.put(topic, partitionCount);
        }
    }

    /** The offset at which to begin, or null for the first record there is. */
    @Nullable Long startOf(TopicPartition partition) {
        return starts.get(partition);
    }

    /** The first offset that is not read; {@code Long.MAX_VALUE} if no offset bounds the partition. */
    long endOf(TopicPartition partition) {
        return ends.getOrDefault(partition, Long.MAX_VALUE);
    }

    /** The time in epoch milliseconds before which the read ends; {@code Long.MAX_VALUE} if no time bounds it. */
    long stopMillis() {
        return stop.time() == null ? Long.MAX_VALUE : stop.time().toEpochMilli();
    }

    /** Fails if the topic has more partitions than it had when the read was split. */
    void checkNotGrown(String topic, int partitionCount) {
        int known = partitionCounts.getOrDefault(topic, Integer.MAX_VALUE);
        checkState(
                partitionCount <= known,
                "topic %s must keep its %s partitions while it is read, but has %s now, and the new ones are not read: run the router "
                        + "again with --upgrade --source=offsets, which goes on at the offset reached in each old partition, and at "
                        + "the beginning of each new one; in this process, run it anew",
                topic,
                known,
                partitionCount);
    }

    private Map<TopicPartition, Long> starts(String topic, List<TopicPartition> partitions, Consumer<?, ?> consumer) {
        Map<TopicPartition, Long> reachedOffsets = reached.of(topic);
        if (!reachedOffsets.isEmpty()) {
            return goingOn(topic, partitions, reachedOffsets);
        }
        if (startOffsets != null) {
            return given(topic, partitions, startOffsets.of(topic), consumer);
        }
        return switch (start.kind()) {
            case EARLIEST -> Map.of();
            case LATEST -> consumer.endOffsets(partitions);
            case TIME -> atOrAfter(start, partitions, consumer);
        };
    }

    private static Map<TopicPartition, Long> goingOn(
            String topic, List<TopicPartition> partitions, Map<TopicPartition, Long> reached) {
        checkState(
                partitions.containsAll(reached.keySet()),
                "topic %s must still have the partitions %s that were read, but has %s: it was made anew. Start the job anew, without"
                        + " its state, with a higher generation",
                topic,
                numbers(reached.keySet()),
                numbers(partitions));
        return reached;
    }

    private static Map<TopicPartition, Long> atOrAfter(
            KafkaStart start, List<TopicPartition> partitions, Consumer<?, ?> consumer) {
        Map<TopicPartition, Long> times =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> millis(start)));
        Map<TopicPartition, Long> offsets = new HashMap<>(consumer.endOffsets(partitions));
        for (Map.Entry<TopicPartition, @Nullable OffsetAndTimestamp> found :
                consumer.offsetsForTimes(times).entrySet()) {
            OffsetAndTimestamp first = found.getValue();
            if (first != null) {
                offsets.put(found.getKey(), first.offset());
            }
        }
        return offsets;
    }

    private static long millis(KafkaStart start) {
        return start.time() == null ? 0 : start.time().toEpochMilli();
    }

    private static Map<TopicPartition, Long> given(
            String topic, List<TopicPartition> partitions, Map<TopicPartition, Long> given, Consumer<?, ?> consumer) {
        checkState(
                given.keySet().equals(Set.copyOf(partitions)),
                "startOffsets must name the partitions %s of topic %s, but name %s",
                numbers(partitions),
                topic,
                numbers(given.keySet()));
        checkReadable(given, consumer);
        return given;
    }

    private static void checkReadable(Map<TopicPartition, Long> given, Consumer<?, ?> consumer) {
        Map<TopicPartition, Long> first = consumer.beginningOffsets(given.keySet());
        Map<TopicPartition, Long> end = consumer.endOffsets(given.keySet());
        given.forEach((partition, offset) -> checkState(
                first.getOrDefault(partition, 0L) <= offset && offset <= end.getOrDefault(partition, 0L),
                "startOffsets of %s must be from %s to %s, which the topic holds, but was %s",
                partition,
                first.get(partition),
                end.get(partition),
                offset));
    }

    private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
    }
}
