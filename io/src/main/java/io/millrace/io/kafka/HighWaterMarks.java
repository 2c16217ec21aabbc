package io.millrace.io.kafka;

import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Drops repeats as a consumer does that follows the rule of {@link KafkaEvents.Write}: in each partition of the topic, and of one
 * route, by one high-water mark for each input partition and epoch; what a replay wrote, which comes behind the mark, and what comes in no order,
 * by its identity.
 */
final class HighWaterMarks {
    private final Map<Input, Mark> marks = new HashMap<>();
    private final Set<ResultId> known = new HashSet<>();

    /** Whether a consumer drops the next record of the partition. */
    boolean drop(ResultId id, String epoch, boolean byIdentity) {
        if (byIdentity) {
            return !known.add(id);
        }
        return known.contains(id) || isRepeat(id, epoch);
    }

    private boolean isRepeat(ResultId id, String epoch) {
        Origin origin = id.origin();
        Input input = new Input(origin.stream(), origin.partition(), epoch);
        Mark mark = new Mark(origin.offset(), id.ordinal());
        Mark before = marks.get(input);
        if (before != null && mark.compareTo(before) <= 0) {
            return true;
        }
        marks.put(input, mark);
        return false;
    }

    private record Input(String stream, int partition, String epoch) {}

    /** How far an input partition has come: of what was made of one offset, several results may come one after the other. */
    private record Mark(long offset, int ordinal) implements Comparable<Mark> {
        @Override
        public int compareTo(Mark other) {
            int order = Long.compare(offset, other.offset);
            return order == 0 ? Integer.compare(ordinal, other.ordinal) : order;
        }
    }
}
