package io.millrace.io.kafka;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the consumers and the timestamp policies of one read share: its bounds, which are serialised with it, and the progress of
 * each partition, which is not.
 *
 * <p>Java serialisation keeps one object that a read refers to twice one object, so wherever a split arrives, its consumers and
 * its policies meet here.
 */
final class ReadProgress implements Serializable {
    private static final long serialVersionUID = 1;

    private final ReadBounds bounds;
    private final transient Map<TopicPartition, PartitionProgress> partitions = new ConcurrentHashMap<>();
    private final transient AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    ReadProgress(ReadBounds bounds) {
        this.bounds = bounds;
    }

    ReadBounds bounds() {
        return bounds;
    }

    /** The progress of a partition that a reader begins, or begins again, to read. */
    PartitionProgress begin(TopicPartition partition) {
        PartitionProgress progress = new PartitionProgress(bounds.endOf(partition), bounds.stopMillis());
        partitions.put(partition, progress);
        return progress;
    }

    /** The progress of a partition as of its last beginning. */
    PartitionProgress of(TopicPartition partition) {
        PartitionProgress progress = partitions.get(partition);
        return progress == null ? begin(partition) : progress;
    }

    /** Makes the read fail at its next poll: KafkaIO survives what its offset consumer throws. */
    void fail(RuntimeException failure) {
        this.failure.set(failure);
    }

    void throwFailure() {
        RuntimeException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
    }

    private Object readResolve() {
        return new ReadProgress(bounds);
    }
}
