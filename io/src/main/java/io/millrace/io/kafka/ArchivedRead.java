package io.millrace.io.kafka;

import com.google.common.base.Stopwatch;
import io.millrace.io.files.FileEvents;
import io.millrace.io.objects.Archive;
import io.millrace.io.objects.ArchivedPartition;
import io.millrace.io.objects.ArchivedRecord;
import io.millrace.io.source.OffsetRange;
import io.millrace.transforms.event.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a consumer reads of an archive: the partitions whose next offsets Kafka has deleted, until they come to one that Kafka has.
 *
 * <p>An archive that does not answer is tried again every second, for five minutes. For one thread.
 */
final class ArchivedRead {
    private static final Logger LOG = LoggerFactory.getLogger(ArchivedRead.class);
    private static final int MAX_RECORDS = 5_000;
    private static final long MAX_BYTES = 2 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    private final Archive archive;
    private final Function<String, String> streams;
    private final Map<TopicPartition, Behind> behind = new HashMap<>();

    private ArchivedRead(Archive archive, Function<String, String> streams) {
        this.archive = archive;
        this.streams = streams;
    }

    /** What can be read of the archive of a source; null where it has none. */
    static @Nullable ArchivedRead of(KafkaSource source) {
        return source.archive() == null
                ? null
                : new ArchivedRead(
                        FileEvents.archive(source.archive()), topic -> ConsumerFactory.stream(source, topic));
    }

    /** Begins to read a partition at an offset that is before the first that Kafka has. */
    void begin(TopicPartition partition, long next, long first) {
        String stream = streams.apply(partition.topic());
        behind.put(partition, new Behind(archive.partition(stream, partition.partition()), next, first));
        LOG.info(
                "reading partition {} of {} from archive {} at offset {}",
                partition.partition(),
                stream,
                archive,
                next);
    }

    /** Whether a partition is read from the archive now. */
    boolean reads(TopicPartition partition) {
        return behind.containsKey(partition);
    }

    /** Whether there may be records to read at once. */
    boolean isBusy() {
        return behind.values().stream().anyMatch(read -> !read.trouble.isRunning());
    }

    /** The offset that is next of a partition that is read from the archive. */
    long position(TopicPartition partition) {
        return of(partition).next;
    }

    /** Whether Kafka may have what is next of a partition. */
    boolean mayBeInKafka(TopicPartition partition) {
        return of(partition).next >= of(partition).first;
    }

    /** Reads no more of a partition. */
    void end(TopicPartition partition) {
        close(of(partition));
        behind.remove(partition);
    }

    /**
     * Goes on with Kafka where that has what is next of a partition.
     *
     * @param first the first offset that Kafka has now
     */
    boolean endIfInKafka(TopicPartition partition, long first) {
        Behind read = of(partition);
        read.first = first;
        if (read.next < first) {
            return false;
        }
        LOG.info("reading {} from Kafka again at offset {}", partition, read.next);
        end(partition);
        return true;
    }

    /** The next records of a partition; none where the archive does not have them, and null where it cannot be read now. */
    @Nullable List<ConsumerRecord<byte[], byte[]>> next(TopicPartition partition) {
        Behind read = of(partition);
        if (read.lastFailure.isRunning() && read.lastFailure.elapsed().compareTo(BETWEEN_ATTEMPTS) < 0) {
            return null;
        }
        try {
            List<ArchivedRecord> records = read.records.read(read.next, MAX_RECORDS, MAX_BYTES);
            if (read.trouble.isRunning()) {
                read.trouble.reset();
                read.lastFailure.reset();
            }
            if (!records.isEmpty()) {
                read.next = records.get(records.size() - 1).offset() + 1;
            }
            return records.stream().map(record -> record(partition, record)).toList();
        } catch (IOException e) {
            if (!read.trouble.isRunning()) {
                read.trouble.start();
            }
            read.lastFailure.reset().start();
            if (read.trouble.elapsed().compareTo(PATIENCE) > 0) {
                throw new IllegalStateException("archive " + archive + " could not be read: " + e.getMessage(), e);
            }
            LOG.warn("archive {} cannot be read, and is tried again: {}", archive, String.valueOf(e));
            return null;
        }
    }

    /** Says what neither Kafka nor the archive has. */
    IllegalStateException missing(TopicPartition partition) {
        Behind read = of(partition);
        OffsetRange wanted = new OffsetRange(read.next, read.first);
        OffsetRange gone;
        try {
            gone = archive.lacking(streams.apply(partition.topic()), partition.partition(), wanted)
                    .orElse(wanted);
        } catch (IOException e) {
            gone = wanted; // all of it is named then
        }
        return new IllegalStateException("archive " + archive + " must have what Kafka has deleted, but offsets "
                + gone.first() + " to " + (gone.end() - 1) + " of partition " + partition.partition() + " of topic "
                + partition.topic() + " are in neither");
    }

    void close() {
        behind.values().forEach(ArchivedRead::close);
        behind.clear();
    }

    private static void close(Behind read) {
        try {
            read.records.close();
        } catch (IOException e) {
            LOG.warn("an object that was read could not be closed: {}", String.valueOf(e));
        }
    }

    private Behind of(TopicPartition partition) {
        Behind read = behind.get(partition);
        if (read == null) {
            throw new IllegalArgumentException("partition must be read from the archive, but was " + partition);
        }
        return read;
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, ArchivedRecord archived) {
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                archived.offset(),
                archived.time(),
                TimestampType.CREATE_TIME,
                size(archived.key()),
                size(archived.value()),
                archived.key(),
                archived.value(),
                headers(archived.headers()),
                Optional.empty());
    }

    private static int size(byte @Nullable [] bytes) {
        return bytes == null ? ConsumerRecord.NULL_SIZE : bytes.length;
    }

    private static RecordHeaders headers(Headers archived) {
        RecordHeaders headers = new RecordHeaders();
        for (int position = 0; position < archived.size(); position++) {
            headers.add(archived.name(position), archived.value(position));
        }
        return headers;
    }

    /** How far a partition has come in the archive, and the first offset that Kafka had when it was asked. */
    private static final class Behind {
        private final ArchivedPartition records;
        private final Stopwatch trouble = Stopwatch.createUnstarted();
        private final Stopwatch lastFailure = Stopwatch.createUnstarted();
        private long next;
        private long first;

        Behind(ArchivedPartition records, long next, long first) {
            this.records = records;
            this.next = next;
            this.first = first;
        }
    }
}
