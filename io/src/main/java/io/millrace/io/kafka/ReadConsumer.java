package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.Lists;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The consumer with which KafkaIO splits and reads: it begins and ends where the read's bounds say, tells its progress, and gives
 * what a poll found in a partition as few records, of many events each.
 *
 * <p>It relies on how KafkaIO's unbounded reader calls it: {@code partitionsFor} when it splits; {@code assign}, and then for each
 * partition either {@code seek}, to the position of a checkpoint, or {@code position}; and {@code poll} in a loop, on one thread.
 */
final class ReadConsumer extends KafkaConsumer<byte[], byte[]> {
    /** How many events an element has at most unless it is said. */
    static final int MAX_EVENTS_IN_ELEMENT = 1_000;

    private final String bootstrapServers;
    private final ReadProgress progress;
    private final Function<String, EventMaker> makers;
    private final int maxEventsInElement;
    private final Map<TopicPartition, PartitionRead> assigned = new LinkedHashMap<>();

    /**
     * A consumer by a resolved configuration.
     *
     * @param bootstrapServers the brokers' addresses as the user wrote them, for messages
     * @param makers makes events of the records of a topic
     * @param maxEventsInElement an element is processed in one go, with no checkpoint, timer or watermark in between
     */
    ReadConsumer(
            Map<String, Object> configuration,
            String bootstrapServers,
            ReadProgress progress,
            Function<String, EventMaker> makers,
            int maxEventsInElement) {
        super(configuration);
        this.bootstrapServers = bootstrapServers;
        this.progress = progress;
        this.makers = makers;
        this.maxEventsInElement = maxEventsInElement;
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        @Nullable List<PartitionInfo> partitions = partitionsOrSayWhoIsSilent(topic);
        checkState(
                partitions != null && !partitions.isEmpty(),
                "topic %s must be at %s, but does not exist: it must be created before it is read",
                topic,
                bootstrapServers);
        progress.bounds().fix(topic, partitions.size(), this);
        return partitions;
    }

    private @Nullable List<PartitionInfo> partitionsOrSayWhoIsSilent(String topic) {
        try {
            return super.partitionsFor(topic);
        } catch (TimeoutException e) {
            IllegalStateException silence = new IllegalStateException(
                    "brokers at " + bootstrapServers + " must answer, but did not when asked for topic " + topic);
            silence.addSuppressed(e); // as a cause it would be what a person is told: a timeout
            throw silence;
        }
    }

    /** Begins every partition where the bounds say; KafkaIO then seeks those for which there is a checkpoint. */
    @Override
    public void assign(Collection<TopicPartition> partitions) {
        super.assign(partitions);
        partitions.forEach(partition -> {
            assigned.put(partition, new PartitionRead(progress.of(partition), makers.apply(partition.topic())));
            seekToStart(partition);
        });
    }

    private void seekToStart(TopicPartition partition) {
        Long start = progress.bounds().startOf(partition);
        if (start == null) {
            seekToBeginning(Set.of(partition));
        } else {
            seek(partition, start);
        }
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester")
    public ConsumerRecords<byte[], byte[]> poll(long timeoutMillis) {
        return poll(Duration.ofMillis(timeoutMillis));
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        progress.throwFailure();
        try {
            return handOut(pollOrSayWhatIsGone(timeout));
        } catch (Error e) {
            // KafkaIO's thread hears exceptions alone: an error would end it, and the read would stand still without a
            // word.
            throw new IllegalStateException("records could not be read: " + e, e);
        }
    }

    private ConsumerRecords<byte[], byte[]> handOut(ConsumerRecords<byte[], byte[]> polled) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> handedOut = new LinkedHashMap<>();
        assigned.forEach((partition, read) -> {
            List<ConsumerRecord<byte[], byte[]>> records =
                    read.progress().handOut(polled.records(partition), positionNow(partition));
            if (!records.isEmpty()) {
                handedOut.put(partition, elements(records, read.maker()));
            }
            if (read.progress().isExhausted()) {
                pause(Set.of(partition));
            }
        });
        return new ConsumerRecords<>(handedOut);
    }

    private List<ConsumerRecord<byte[], byte[]>> elements(
            List<ConsumerRecord<byte[], byte[]>> records, EventMaker maker) {
        return Lists.partition(records, maxEventsInElement).stream()
                .map(part -> PolledRecord.of(part, maker.events(part)))
                .toList();
    }

    private ConsumerRecords<byte[], byte[]> pollOrSayWhatIsGone(Duration timeout) {
        try {
            return super.poll(timeout);
        } catch (OffsetOutOfRangeException e) {
            Map<TopicPartition, Long> wanted = e.offsetOutOfRangePartitions();
            throw new IllegalStateException(
                    "partitions must still hold the offsets " + wanted + " that are next to read, but begin at "
                            + beginningOffsets(wanted.keySet()) + " and end at " + endOffsets(wanted.keySet())
                            + ": retention deleted records before they were read, or the topic was made anew. To go on without"
                            + " them, start the job anew, without its state; after a topic was made anew, with a higher"
                            + " generation",
                    e);
        }
    }

    private long positionNow(TopicPartition partition) {
        try {
            return super.position(partition, Duration.ZERO);
        } catch (TimeoutException e) {
            return PartitionProgress.NONE; // not known while the client looks for the partition's leader
        }
    }

    /** How far an assigned partition was read, and what makes its events. */
    private record PartitionRead(PartitionProgress progress, EventMaker maker) {}
}
