package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.Lists;
import io.millrace.io.kafka.PolledEvents.Records;
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
 * what a poll found in a partition as few records, of many events each. A partition of which Kafka has deleted what is next it reads
 * from the source's archive, if it has one: meanwhile that partition is paused, and then it is sought.
 *
 * <p>It relies on how KafkaIO's unbounded reader calls it: {@code partitionsFor} when it splits; {@code assign}, and then for each
 * partition either {@code seek}, to the position of a checkpoint, or {@code position}; and {@code poll} in a loop, on one thread.
 */
final class ReadConsumer extends KafkaConsumer<byte[], byte[]> {
    /** How many events an element has at most unless it is said. */
    static final int MAX_EVENTS_IN_ELEMENT = 1_000;

    private final KafkaSource source;
    private final @Nullable ArchivedRead archived;
    private final ReadProgress progress;
    private final Function<String, EventMaker> makers;
    private final int maxEventsInElement;
    private final Map<TopicPartition, PartitionRead> assigned = new LinkedHashMap<>();

    /**
     * A consumer by a resolved configuration.
     *
     * @param makers makes events of the records of a topic
     * @param source what is read, as the user wrote it
     * @param maxEventsInElement an element is processed in one go, with no checkpoint, timer or watermark in between
     */
    ReadConsumer(
            Map<String, Object> configuration,
            ReadProgress progress,
            Function<String, EventMaker> makers,
            KafkaSource source,
            int maxEventsInElement) {
        super(configuration);
        this.source = source;
        this.archived = ArchivedRead.of(source);
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
                source.bootstrapServers());
        if (archived != null) {
            TopicRules.checkKeepsAll(source, topic);
        }
        progress.bounds().fix(topic, partitions.size(), this);
        return partitions;
    }

    private @Nullable List<PartitionInfo> partitionsOrSayWhoIsSilent(String topic) {
        try {
            return super.partitionsFor(topic);
        } catch (TimeoutException e) {
            IllegalStateException silence = new IllegalStateException("brokers at " + source.bootstrapServers()
                    + " must answer, but did not when asked for topic " + topic);
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
            if (archived == null) {
                return handOut(pollOrSayWhatIsGone(timeout));
            }
            assigned.forEach(this::noteStart);
            return handOut(pollOrSayWhatIsGone(archived.isBusy() ? Duration.ZERO : timeout));
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
                    read.progress.handOut(next(partition, polled), positionNow(partition));
            if (!records.isEmpty()) {
                handedOut.put(partition, elements(records, read));
            }
            if (read.progress.isExhausted()) {
                pause(Set.of(partition));
                endArchived(partition);
            }
        });
        return new ConsumerRecords<>(handedOut);
    }

    private void endArchived(TopicPartition partition) {
        if (archived != null && archived.reads(partition)) {
            seek(partition, archived.position(partition));
            archived.end(partition);
        }
    }

    /** The records of a partition: those polled, or the next of the archive, while that is where it is read. */
    private List<ConsumerRecord<byte[], byte[]>> next(
            TopicPartition partition, ConsumerRecords<byte[], byte[]> polled) {
        return archived == null || !archived.reads(partition)
                ? polled.records(partition)
                : nextArchived(partition, archived);
    }

    /** None where brokers do not say what they have, which they are asked again with the next poll. */
    private List<ConsumerRecord<byte[], byte[]>> nextArchived(TopicPartition partition, ArchivedRead archived) {
        try {
            return nextOf(partition, archived);
        } catch (TimeoutException e) {
            return List.of();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> nextOf(TopicPartition partition, ArchivedRead archived) {
        if (archived.mayBeInKafka(partition) && goesOnInKafka(partition, archived)) {
            return List.of();
        }
        List<ConsumerRecord<byte[], byte[]>> records = archived.next(partition);
        if (records == null) {
            return List.of();
        }
        if (records.isEmpty() && !goesOnInKafka(partition, archived)) {
            throw archived.missing(partition);
        }
        return records;
    }

    private boolean goesOnInKafka(TopicPartition partition, ArchivedRead archived) {
        long next = archived.position(partition);
        if (!archived.endIfInKafka(partition, firstOf(partition))) {
            return false;
        }
        seek(partition, next);
        resume(Set.of(partition));
        return true;
    }

    private long firstOf(TopicPartition partition) {
        return beginningOffsets(Set.of(partition)).getOrDefault(partition, 0L);
    }

    private List<ConsumerRecord<byte[], byte[]>> elements(
            List<ConsumerRecord<byte[], byte[]>> records, PartitionRead read) {
        return Lists.partition(records, maxEventsInElement).stream()
                .map(part -> PolledRecord.of(part, events(part, read)))
                .toList();
    }

    private PolledEvents events(List<ConsumerRecord<byte[], byte[]>> part, PartitionRead read) {
        PolledEvents events = read.maker.events(part);
        return archived == null ? events : events.with(read.records(part));
    }

    private ConsumerRecords<byte[], byte[]> pollOrSayWhatIsGone(Duration timeout) {
        try {
            return super.poll(timeout);
        } catch (OffsetOutOfRangeException e) {
            try {
                beginInArchive(e);
            } catch (TimeoutException silence) {
                // the next poll finds the same, and asks again
            }
            return ConsumerRecords.empty();
        }
    }

    private void beginInArchive(OffsetOutOfRangeException gone) {
        Map<TopicPartition, Long> wanted = gone.offsetOutOfRangePartitions();
        Map<TopicPartition, Long> first = beginningOffsets(wanted.keySet());
        if (archived == null || !areDeleted(wanted, first)) {
            throw new IllegalStateException(
                    "partitions must still hold the offsets " + wanted + " that are next to read, but begin at "
                            + first + " and end at " + endOffsets(wanted.keySet())
                            + ": retention deleted records before they were read, or the topic was made anew. To go on without"
                            + " them, start the job anew, without its state; after a topic was made anew, with a higher"
                            + " generation",
                    gone);
        }
        wanted.forEach((partition, next) -> archived.begin(partition, next, first.getOrDefault(partition, next)));
        pause(wanted.keySet());
    }

    private static boolean areDeleted(Map<TopicPartition, Long> wanted, Map<TopicPartition, Long> first) {
        return wanted.entrySet().stream().allMatch(next -> next.getValue() < first.getOrDefault(next.getKey(), 0L));
    }

    private void noteStart(TopicPartition partition, PartitionRead read) {
        if (read.from == PartitionProgress.NONE) {
            read.from = positionNow(partition);
        }
    }

    private long positionNow(TopicPartition partition) {
        if (archived != null && archived.reads(partition)) {
            return archived.position(partition);
        }
        try {
            return super.position(partition, Duration.ZERO);
        } catch (TimeoutException e) {
            return PartitionProgress.NONE; // not known while the client looks for the partition's leader
        }
    }

    @Override
    public void close() {
        if (archived != null) {
            archived.close();
        }
        super.close();
    }

    /** How far an assigned partition was read, and what makes its events. */
    private static final class PartitionRead {
        private final PartitionProgress progress;
        private final EventMaker maker;
        private long from = PartitionProgress.NONE;

        PartitionRead(PartitionProgress progress, EventMaker maker) {
            this.progress = progress;
            this.maker = maker;
        }

        /** What an archive has to know of records that come next. */
        Records records(List<ConsumerRecord<byte[], byte[]>> part) {
            long[] times = part.stream().mapToLong(ConsumerRecord::timestamp).toArray();
            long first = part.get(0).offset();
            Records records = new Records(from == PartitionProgress.NONE ? first : from, times);
            from = part.get(part.size() - 1).offset() + 1;
            return records;
        }
    }
}
