package io.millrace.pipelines.rewind;

import io.millrace.io.source.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of one partition is read again from a restore point.
 *
 * @param topic the topic
 * @param partition the partition
 * @param from the first offset that the point has not had
 * @param held what Kafka holds of the partition now
 * @param archive the archive that has what Kafka has deleted of it; null where that is not needed, or there is none
 * @param lacking what is neither in the archive nor in Kafka; null where nothing is lacking
 */
public record Again(
        String topic,
        int partition,
        long from,
        OffsetRange held,
        @Nullable String archive,
        @Nullable OffsetRange lacking) {

    /** Of each partition that a point has read of, and Kafka holds; no archive was looked into. */
    public static List<Again> of(RestorePoint point, Map<String, Map<Integer, OffsetRange>> held) {
        List<Again> all = new ArrayList<>();
        point.offsets()
                .offsets()
                .forEach((topic, partitions) -> partitions.forEach((partition, from) -> {
                    OffsetRange range = held.getOrDefault(topic, Map.of()).get(partition);
                    if (range != null) {
                        all.add(of(topic, partition, from, range));
                    }
                }));
        return all;
    }

    /** Of one partition; no archive was looked into. */
    static Again of(String topic, int partition, long from, OffsetRange held) {
        OffsetRange gone = held.first() > from ? new OffsetRange(from, held.first()) : null;
        return new Again(topic, partition, from, held, null, gone);
    }

    /**
     * The same with an archive.
     *
     * @param lacking what of {@link #lacking} the archive does not have either; null where it has all of that
     */
    public Again with(String archive, @Nullable OffsetRange lacking) {
        return new Again(topic, partition, from, held, archive, lacking);
    }

    /** How many offsets that are. A few of them may have no event: transactions leave marks. */
    public long count() {
        return Math.max(0, held.end() - from);
    }

    /** Whether some of it is in neither Kafka nor an archive, or the topic was made anew. */
    public boolean isMissing() {
        return lacking != null || held.end() < from;
    }

    /** Where it is and what. */
    @Override
    public String toString() {
        String all =
                "%s %d: %d to %d, %,d events".formatted(topic, partition, from, Math.max(from, held.end()), count());
        return archive == null
                ? all
                : all
                        + ", of which offsets %d to %d are read from the archive %s"
                                .formatted(from, held.first() - 1, archive);
    }

    /** What is missing of it. */
    public String missing() {
        if (held.end() < from) {
            return "partition %d of topic %s ends at offset %d, and had been read up to %d: it was made anew"
                    .formatted(partition, topic, held.end(), from);
        }
        String gone = "offsets %d to %d of partition %d of topic %s are gone from Kafka, which has those from %d on"
                .formatted(from, held.first() - 1, partition, topic, held.first());
        return archive == null || lacking == null
                ? gone
                : gone
                        + ", and of these offsets %d to %d are not in the archive %s"
                                .formatted(lacking.first(), lacking.end() - 1, archive);
    }
}
