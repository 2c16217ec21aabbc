package io.millrace.io.kafka;

import io.millrace.io.source.EventTimes;
import io.millrace.io.source.OffsetRange;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The events in ranges of a source's topics, read in this process as a job reads them: what Kafka has deleted comes out of the source's archive. */
final class EventsInRanges {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration MORE_WITHIN = Duration.ofMinutes(5);

    private final KafkaSource source;
    private final EventTimes times;
    private final Map<TopicPartition, OffsetRange> ranges;

    EventsInRanges(KafkaSource source, EventTimes times, Map<String, Map<Integer, OffsetRange>> ranges) {
        this.source = source;
        this.times = times;
        Map<TopicPartition, OffsetRange> all = new HashMap<>();
        ranges.forEach((topic, partitions) -> partitions.forEach((partition, range) -> {
            if (source.topics().contains(topic) && range.first() < range.end()) {
                all.put(new TopicPartition(topic, partition), range);
            }
        }));
        this.ranges = Map.copyOf(all);
    }

    /** Gives the events to an action, those of a partition in their order, with their times; and how many offsets are gone. */
    long forEach(ObjLongConsumer<Event> action) throws IOException {
        Map<TopicPartition, OffsetRange> there = ranges.isEmpty() ? ranges : there();
        if (!there.isEmpty()) {
            read(there, action);
        }
        return offsets(ranges) - offsets(there);
    }

    /** What can be read without a gap up to the ends of the ranges; nothing of a partition that ends before that. */
    private Map<TopicPartition, OffsetRange> there() throws IOException {
        Map<String, Map<Integer, OffsetRange>> held = new TopicRanges(source).ask();
        Map<TopicPartition, OffsetRange> there = new HashMap<>();
        for (Map.Entry<TopicPartition, OffsetRange> one : ranges.entrySet()) {
            TopicPartition partition = one.getKey();
            OffsetRange range = one.getValue();
            OffsetRange now = held.getOrDefault(partition.topic(), Map.of()).get(partition.partition());
            if (now == null || now.end() < range.end()) {
                continue; // the topic was made anew
            }
            long inKafka = Math.min(range.end(), Math.max(range.first(), now.first()));
            long first = firstArchived(partition, new OffsetRange(range.first(), inKafka));
            if (first < range.end()) {
                there.put(partition, new OffsetRange(first, range.end()));
            }
        }
        return there;
    }

    /** From where on the archive has all of what Kafka has deleted; its end where that is nowhere. */
    private long firstArchived(TopicPartition partition, OffsetRange deleted) throws IOException {
        OffsetRange left = deleted;
        while (left.first() < left.end()) {
            Optional<OffsetRange> lacking =
                    KafkaEvents.notArchived(source, partition.topic(), partition.partition(), left);
            if (lacking.isEmpty()) {
                break;
            }
            left = new OffsetRange(lacking.get().end(), left.end());
        }
        return left.first();
    }

    private static long offsets(Map<TopicPartition, OffsetRange> ranges) {
        return ranges.values().stream()
                .mapToLong(range -> range.end() - range.first())
                .sum();
    }

    private void read(Map<TopicPartition, OffsetRange> there, ObjLongConsumer<Event> action) throws IOException {
        ReadProgress progress = new ReadProgress(ReadBounds.of(there));
        try (Consumer<byte[], byte[]> consumer =
                KafkaEvents.read(source).withEventTimes(times).consumer(progress)) {
            there.keySet().stream().map(TopicPartition::topic).distinct().forEach(consumer::partitionsFor);
            consumer.assign(there.keySet());
            read(consumer, there.keySet(), progress, action);
        } catch (KafkaException | IllegalStateException e) {
            throw new IOException(name() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void read(
            Consumer<byte[], byte[]> consumer,
            Set<TopicPartition> partitions,
            ReadProgress progress,
            ObjLongConsumer<Event> action)
            throws IOException {
        Set<TopicPartition> left = partitions;
        long movedNanos = System.nanoTime();
        while (!left.isEmpty()) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> one : polled) {
                give(PolledRecord.events(one), action);
            }
            List<TopicPartition> still = left.stream()
                    .filter(partition -> !progress.of(partition).isExhausted())
                    .toList();
            boolean moved = !polled.isEmpty() || still.size() < left.size();
            movedNanos = moved ? System.nanoTime() : movedNanos;
            left = Set.copyOf(still);
            if (!left.isEmpty() && System.nanoTime() - movedNanos > MORE_WITHIN.toNanos()) {
                throw new IOException(name() + " must give more events within " + MORE_WITHIN.toSeconds()
                        + " s, but was not read to the end of " + new TreeSet<>(names(left)));
            }
        }
    }

    private static void give(PolledEvents events, ObjLongConsumer<Event> action) {
        for (int position = 0; position < events.size(); position++) {
            action.accept(events.event(position), events.time(position));
        }
    }

    private static List<String> names(Set<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).toList();
    }

    private String name() {
        return "topics " + String.join(", ", source.topics()) + " at " + source.bootstrapServers();
    }
}
