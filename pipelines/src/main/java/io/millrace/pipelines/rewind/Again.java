package io.millrace.pipelines.rewind;

import io.millrace.io.source.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What of one partition is read again from a restore point.
 *
 * @param topic the topic
 * @param partition the partition
 * @param from the first offset that the point has not had
 * @param held what Kafka holds of the partition now
 */
public record Again(String topic, int partition, long from, OffsetRange held) {

    /** Of each partition that a point has read of, and Kafka holds. */
    public static List<Again> of(RestorePoint point, Map<String, Map<Integer, OffsetRange>> held) {
        List<Again> all = new ArrayList<>();
        point.offsets()
                .offsets()
                .forEach((topic, partitions) -> partitions.forEach((partition, from) -> {
                    OffsetRange range = held.getOrDefault(topic, Map.of()).get(partition);
                    if (range != null) {
                        all.add(new Again(topic, partition, from, range));
                    }
                }));
        return all;
    }

    /** How many offsets that are. A few of them may have no event: transactions leave marks. */
    public long count() {
        return Math.max(0, held.end() - from);
    }

    /** Whether Kafka has deleted some of it, or the topic was made anew. */
    public boolean isMissing() {
        return held.first() > from || held.end() < from;
    }

    /** Where it is and what. */
    @Override
    public String toString() {
        return "%s %d: %d to %d, %,d events".formatted(topic, partition, from, Math.max(from, held.end()), count());
    }

    /** What Kafka has deleted of it. */
    public String missing() {
        if (held.end() < from) {
            return "partition %d of topic %s ends at offset %d, and had been read up to %d: it was made anew"
                    .formatted(partition, topic, held.end(), from);
        }
        return "offsets %d to %d of partition %d of topic %s are gone from Kafka, which has those from %d on"
                .formatted(from, held.first() - 1, partition, topic, held.first());
    }
}
