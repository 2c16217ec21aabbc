package io.millrace.io.kafka;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.millrace.transforms.event.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics in which events wait, as the brokers know them; each has a consumer group of its own name, whose commits are
 * {@link ParkedProgress}.
 */
final class ParkedTopics implements AutoCloseable {
    /** What a record may have at most: an event that is larger cannot wait. */
    static final int MAX_RECORD_BYTES = 32 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ParkedTopics.class);
    private static final Duration MADE_WITHIN = Duration.ofSeconds(60);
    private static final Map<String, String> KEPT_UNTIL_DELIVERED = Map.of(
            "cleanup.policy",
            "delete",
            "retention.ms",
            "-1",
            "retention.bytes",
            "-1",
            "max.message.bytes",
            Integer.toString(MAX_RECORD_BYTES));

    private final KafkaParking settings;
    private final Admin admin;

    ParkedTopics(KafkaParking settings) {
        this.settings = settings;
        this.admin = Admin.create(ClientProperties.resolve(settings.bootstrapServers(), settings.properties()));
    }

    /** Makes those topics that are not there, and gives how many partitions each has. */
    Map<String, Integer> create(Collection<String> topics) throws InterruptedException {
        return create(topics, settings.partitions());
    }

    /** The same, of so many partitions each. */
    Map<String, Integer> create(Collection<String> topics, int number) throws InterruptedException {
        Map<String, Integer> there = partitions(topics);
        List<NewTopic> missing = topics.stream()
                .filter(topic -> !there.containsKey(topic))
                .map(topic -> new NewTopic(topic, Optional.of(number), Optional.empty()).configs(KEPT_UNTIL_DELIVERED))
                .toList();
        for (KafkaFuture<Void> made : admin.createTopics(missing).values().values()) {
            try {
                made.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) { // made by another task meanwhile
                    throw failed("make the topics in which events of routes are to wait", e);
                }
            }
        }
        Map<String, Integer> all = missing.isEmpty() ? there : awaitPartitions(topics);
        ends(all(all)); // an idempotent producer that meets a partition before its leader is there can get stuck
        warnOfSettings(there.keySet());
        return all;
    }

    /** A topic that was just made is not known to all brokers at once. */
    private Map<String, Integer> awaitPartitions(Collection<String> topics) throws InterruptedException {
        long deadline = System.nanoTime() + MADE_WITHIN.toNanos();
        Map<String, Integer> partitions = partitions(topics);
        while (partitions.size() < topics.size()) {
            if (System.nanoTime() - deadline > 0) {
                throw new KafkaException("brokers at " + settings.bootstrapServers() + " must know topics " + topics
                        + ", but know only " + partitions.keySet());
            }
            partitions = partitions(topics);
        }
        return partitions;
    }

    private void warnOfSettings(Collection<String> topics) throws InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        try {
            admin.describeConfigs(resources)
                    .all()
                    .get()
                    .forEach((topic, config) ->
                            KEPT_UNTIL_DELIVERED.forEach((name, value) -> warnOf(topic.name(), config, name, value)));
        } catch (ExecutionException e) {
            LOG.warn("the settings of the topics in which events are to wait are not known: {}", e.toString());
        }
    }

    private static void warnOf(String topic, Config config, String name, String wanted) {
        if (config.get(name) != null && !wanted.equals(config.get(name).value())) {
            LOG.warn(
                    "topic {}, in which events are to wait until they are delivered, has {}={} and not {}",
                    topic,
                    name,
                    config.get(name).value(),
                    wanted);
        }
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

    /** Where partitions end. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) throws InterruptedException {
        if (partitions.isEmpty()) {
            return new HashMap<>();
        }
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

    /**
     * How far partitions of topics are delivered, of those of which it is known.
     *
     * @return the topics that cannot be asked for
     */
    @CanIgnoreReturnValue
    Set<String> progress(Collection<String> topics, BiConsumer<TopicPartition, ParkedProgress> known)
            throws InterruptedException {
        if (topics.isEmpty()) {
            return Set.of();
        }
        Set<String> unknown = new TreeSet<>();
        Map<String, ListConsumerGroupOffsetsSpec> groups =
                topics.stream().collect(Collectors.toMap(topic -> topic, topic -> new ListConsumerGroupOffsetsSpec()));
        ListConsumerGroupOffsetsResult offsets = admin.listConsumerGroupOffsets(groups);
        for (String topic : topics) {
            try {
                offsets.partitionsToOffsetAndMetadata(topic).get().forEach((partition, commit) -> {
                    if (commit != null) {
                        known.accept(partition, ParkedProgress.of(commit));
                    }
                });
            } catch (ExecutionException e) {
                LOG.warn("it is not known how much of topic {} is delivered: {}", topic, e.toString());
                unknown.add(topic);
            }
        }
        return unknown;
    }

    /** Says that a topic's events are delivered up to offsets, and need not be kept. */
    void release(String topic, Map<TopicPartition, Long> offsets) throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        offsets.forEach((partition, offset) -> commits.put(partition, new ParkedProgress(offset, "", offset).commit()));
        try {
            admin.alterConsumerGroupOffsets(topic, commits).all().get();
        } catch (ExecutionException e) {
            throw failed("take note of what of topic " + topic + " is delivered", e);
        }
        deleteBefore(offsets, () -> {});
    }

    /** Lets the brokers forget what lies before offsets, and says when they have. */
    void deleteBefore(Map<TopicPartition, Long> offsets, Runnable done) {
        Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
        offsets.forEach((partition, offset) -> before.put(partition, RecordsToDelete.beforeOffset(offset)));
        admin.deleteRecords(before).all().whenComplete((deleted, failure) -> {
            if (failure == null) {
                done.run();
            } else {
                LOG.warn("delivered events cannot be deleted where they waited: {}", failure.toString());
            }
        });
    }

    /** The partition in which an event of an origin waits. */
    static int partition(Origin origin, int partitions) {
        return Math.floorMod(31 * origin.stream().hashCode() + origin.partition(), partitions);
    }

    /** All partitions of topics, given by their number. */
    static List<TopicPartition> all(Map<String, Integer> partitions) {
        List<TopicPartition> all = new ArrayList<>();
        partitions.forEach((topic, number) ->
                IntStream.range(0, number).forEach(partition -> all.add(new TopicPartition(topic, partition))));
        return all;
    }

    private KafkaException failed(String what, ExecutionException e) {
        return new KafkaException("brokers at " + settings.bootstrapServers() + " must " + what, e.getCause());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
