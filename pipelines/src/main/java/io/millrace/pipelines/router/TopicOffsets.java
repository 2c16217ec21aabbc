package io.millrace.pipelines.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSortedMap;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.source.OffsetRange;
import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far partitions of Kafka's topics have been read: the offset of the next record, as {@link KafkaEvents#offsets} has it.
 *
 * @param offsets by topic and partition
 */
public record TopicOffsets(Map<String, Map<Integer, Long>> offsets) implements Serializable {
    /** Of nothing. */
    public static final TopicOffsets NONE = new TopicOffsets(Map.of());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Map<Integer, Long>>> FORM = new TypeReference<>() {};

    public TopicOffsets {
        Map<String, Map<Integer, Long>> copies = new TreeMap<>();
        offsets.forEach((topic, partitions) -> {
            if (!partitions.isEmpty()) {
                copies.put(topic, ImmutableSortedMap.copyOf(partitions));
            }
        });
        offsets = ImmutableSortedMap.copyOf(copies);
    }

    /** Reads the JSON of {@link KafkaEvents#offsets}. */
    public static TopicOffsets parse(String json) {
        try {
            return new TopicOffsets(JSON.readValue(json, FORM));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("offsets must be by topic and partition, but were " + json, e);
        }
    }

    /** Those of JSON that is read already. */
    public static TopicOffsets of(JsonNode json) {
        Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
        json.fields().forEachRemaining(topic -> {
            Map<Integer, Long> partitions = new TreeMap<>();
            topic.getValue()
                    .fields()
                    .forEachRemaining(partition -> partitions.put(
                            Integer.valueOf(partition.getKey()),
                            partition.getValue().asLong()));
            offsets.put(topic.getKey(), partitions);
        });
        return new TopicOffsets(offsets);
    }

    /** The JSON that gives these again. */
    public String json() {
        try {
            return JSON.writeValueAsString(offsets);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The lowest of each partition; none of a partition that one of those that have read its topic has not read, since that is then to
     * be read from its beginning.
     */
    public static TopicOffsets lowest(Collection<TopicOffsets> all) {
        Map<String, Map<Integer, Long>> lowest = new TreeMap<>();
        for (TopicOffsets one : all) {
            one.offsets.forEach((topic, partitions) -> lowest.merge(topic, partitions, TopicOffsets::lowest));
        }
        return new TopicOffsets(lowest);
    }

    private static Map<Integer, Long> lowest(Map<Integer, Long> some, Map<Integer, Long> others) {
        Map<Integer, Long> lowest = new TreeMap<>(some);
        lowest.keySet().retainAll(others.keySet());
        lowest.replaceAll((partition, offset) -> Math.min(offset, others.getOrDefault(partition, offset)));
        return lowest;
    }

    /** The same, of partitions that others have too their lower or higher one. */
    public TopicOffsets with(TopicOffsets others, BiFunction<Long, Long, Long> choice) {
        Map<String, Map<Integer, Long>> chosen = new TreeMap<>();
        offsets.forEach((topic, partitions) -> {
            Map<Integer, Long> of = new TreeMap<>(partitions);
            of.replaceAll((partition, offset) -> others.of(topic, partition)
                    .map(other -> choice.apply(offset, other))
                    .orElse(offset));
            chosen.put(topic, of);
        });
        return new TopicOffsets(chosen);
    }

    /** The same with the beginning of each partition that others have of its topics, and these do not: it came to be since. */
    public TopicOffsets withPartitionsOf(TopicOffsets others) {
        Map<String, Map<Integer, Long>> all = new TreeMap<>();
        offsets.forEach((topic, partitions) -> {
            Map<Integer, Long> of = new TreeMap<>(partitions);
            others.offsets.getOrDefault(topic, Map.of()).keySet().forEach(partition -> of.putIfAbsent(partition, 0L));
            all.put(topic, of);
        });
        return new TopicOffsets(all);
    }

    /** Those of partitions in which they are higher than where a read begins. */
    public TopicOffsets behind(TopicOffsets begin) {
        Map<String, Map<Integer, Long>> higher = new TreeMap<>();
        offsets.forEach((topic, partitions) -> {
            Map<Integer, Long> of = new TreeMap<>(partitions);
            of.entrySet().removeIf(one -> begin.of(topic, one.getKey()).orElse(0L) >= one.getValue());
            higher.put(topic, of);
        });
        return new TopicOffsets(higher);
    }

    /** The higher offset of each partition that either has. */
    public static TopicOffsets furthest(TopicOffsets one, TopicOffsets other) {
        Map<String, Map<Integer, Long>> furthest = new TreeMap<>();
        Stream.of(one, other)
                .forEach(some -> some.offsets.forEach((topic, partitions) -> partitions.forEach((partition, offset) ->
                        furthest.computeIfAbsent(topic, none -> new TreeMap<>()).merge(partition, offset, Math::max))));
        return new TopicOffsets(furthest);
    }

    /** How many records there are up to others, of partitions that those have. */
    public long upTo(TopicOffsets others) {
        long records = 0;
        for (Map.Entry<String, Map<Integer, Long>> topic : others.offsets.entrySet()) {
            for (Map.Entry<Integer, Long> partition : topic.getValue().entrySet()) {
                long here = of(topic.getKey(), partition.getKey()).orElse(0L);
                records += Math.max(0, partition.getValue() - here);
            }
        }
        return records;
    }

    /** What comes before these and not before others, of partitions that have such; of one that those do not have, all. */
    public Map<String, Map<Integer, OffsetRange>> since(TopicOffsets others) {
        Map<String, Map<Integer, OffsetRange>> ranges = new TreeMap<>();
        offsets.forEach((topic, partitions) -> {
            Map<Integer, OffsetRange> of = new TreeMap<>();
            partitions.forEach((partition, end) -> {
                long first = others.of(topic, partition).orElse(0L);
                if (first < end) {
                    of.put(partition, new OffsetRange(first, end));
                }
            });
            ranges.put(topic, of);
        });
        return ranges;
    }

    /** Their sum over all partitions: of two it says how many records are between them. */
    public long sum() {
        return offsets.values().stream()
                .flatMap(partitions -> partitions.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /** That of a partition. */
    public Optional<Long> of(String topic, int partition) {
        @Nullable Map<Integer, Long> partitions = offsets.get(topic);
        return Optional.ofNullable(partitions == null ? null : partitions.get(partition));
    }
}
