package io.millrace.io.kafka;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.Origin;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics in which events wait, as the brokers know them.
 *
 * <p>Each topic has a consumer group of its own name. A partition's committed offset is where its records begin that are not released; the
 * commit's metadata says up to which offset they are delivered.
 */
final class ParkedTopics implements AutoCloseable {
    /** What a record may have at most: an event that is larger cannot wait. */
    static final int MAX_RECORD_BYTES = 32 << 20;

    private static final Map<String, String> KEPT_UNTIL_DELIVERED = Map.of(
            "cleanup.policy", "delete",
            "retention.ms", "-1",
            "retention.bytes", "-1",
            "max.message.bytes", Integer.toString(MAX_RECORD_BYTES));

    private final KafkaParking settings;
    private final Admin admin;

    ParkedTopics(KafkaParking settings) {
        this.settings = settings;
        this.admin = Admin.create(ClientProperties.resolve(settings.bootstrapServers(), settings.properties()));
    }

    /** How many partitions each of those topics has that there are. */
    Map<String, Integer> partitions(Collection<String> topics) throws InterruptedException {
        Map<String, Integer> partitions = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
                admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
                partitions.put(
                        topic.getKey(), topic.getValue().get().partitions().size());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed("tell whether there is topic " + topic.getKey(), e);
                }
            }
        }
        return partitions;
    }

    /** Makes a topic unless it is there, and gives how many partitions it has. */
    int create(String topic) throws InterruptedException {
        NewTopic made =
                new NewTopic(topic, Optional.of(settings.partitions()), Optional.empty()).configs(KEPT_UNTIL_DELIVERED);
        try {
            int partitions =
                    admin.createTopics(List.of(made)).numPartitions(topic).get();
            ends(all(
                    topic,
                    partitions)); // an idempotent producer that meets a partition before its leader is there can get
            // stuck
            return partitions;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return requireNonNull(partitions(List.of(topic)).get(topic));
            }
            throw failed("make topic " + topic + ", in which events of a route are to wait", e);
        }
    }

    /** Where partitions end. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        try {
            return admin.listOffsets(asked).all().get().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (ExecutionException e) {
            throw failed("tell where parked events end", e);
        }
    }

    /** Up to which offset partitions of topics are delivered, of those of which it is known. */
    Map<TopicPartition, Long> delivered(Collection<String> topics) throws InterruptedException {
        if (topics.isEmpty()) {
            return Map.of();
        }
        Map<String, ListConsumerGroupOffsetsSpec> groups =
                topics.stream().collect(Collectors.toMap(topic -> topic, topic -> new ListConsumerGroupOffsetsSpec()));
        Map<TopicPartition, Long> delivered = new HashMap<>();
        try {
            admin.listConsumerGroupOffsets(groups)
                    .all()
                    .get()
                    .values()
                    .forEach(group -> group.forEach((partition, commit) -> {
                        if (commit != null) {
                            delivered.put(partition, delivered(commit));
                        }
                    }));
        } catch (ExecutionException e) {
            throw failed("tell how much of what was parked is delivered", e);
        }
        return delivered;
    }

    /** What is committed for a partition that is released and delivered up to some offsets. */
    static OffsetAndMetadata commit(long released, long delivered) {
        return new OffsetAndMetadata(released, Long.toString(delivered));
    }

    private static long delivered(OffsetAndMetadata commit) {
        return commit.metadata().matches("[0-9]{1,18}") ? Long.parseLong(commit.metadata()) : commit.offset();
    }

    /** Lets the brokers forget what lies before offsets. */
    void deleteBefore(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
        offsets.forEach((partition, offset) -> before.put(partition, RecordsToDelete.beforeOffset(offset)));
        admin.deleteRecords(before); // where that is not allowed, they stay
    }

    /** The partition in which an event of an origin waits. */
    static int partition(Origin origin, int partitions) {
        return Math.floorMod(31 * origin.stream().hashCode() + origin.partition(), partitions);
    }

    /** All partitions of a topic. */
    static List<TopicPartition> all(String topic, int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private KafkaException failed(String what, ExecutionException e) {
        return new KafkaException("brokers at " + settings.bootstrapServers() + " must " + what, e.getCause());
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ZERO);
    }
}
