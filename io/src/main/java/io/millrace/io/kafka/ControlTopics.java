package io.millrace.io.kafka;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.script.version.ControlLogException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A control topic and that of its replies, as the brokers know them. */
final class ControlTopics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlTopics.class);
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);
    private static final Map<String, String> KEPT_FOR_EVER = new TreeMap<>(Map.of(
            "cleanup.policy", "delete",
            "message.timestamp.type", "LogAppendTime",
            "retention.bytes", "-1",
            "retention.ms", "-1"));

    private final ControlTopic settings;
    private final Admin admin;

    ControlTopics(ControlTopic settings) {
        this.settings = settings;
        Map<String, Object> configuration =
                new HashMap<>(ClientProperties.resolve(settings.bootstrapServers(), settings.properties()));
        configuration.put("default.api.timeout.ms", Math.toIntExact(ANSWERED_WITHIN.toMillis()));
        configuration.put("request.timeout.ms", 5_000);
        this.admin = Admin.create(configuration);
    }

    /** Whether there is a control topic. */
    boolean hasLog() throws InterruptedException, ExecutionException {
        return partitions(settings.topic()).isPresent();
    }

    /** Makes the control topic where it is missing. */
    void makeLog() throws InterruptedException, ExecutionException {
        make(settings.topic(), KEPT_FOR_EVER);
    }

    /** Makes a topic of requests where it is missing, which are of interest while they are answered. */
    void makeRequests() throws InterruptedException, ExecutionException {
        make(settings.topic(), Map.of());
    }

    /** Makes the topic of replies where it is missing; what is said there is of interest for a while. */
    void makeReplies() throws InterruptedException, ExecutionException {
        make(settings.repliesTopic(), Map.of("message.timestamp.type", "LogAppendTime"));
    }

    private void make(String topic, Map<String, String> configuration) throws InterruptedException, ExecutionException {
        Optional<Integer> partitions = partitions(topic);
        if (partitions.isEmpty()) {
            create(new NewTopic(topic, Optional.of(1), Optional.empty()).configs(configuration));
            partitions = awaitPartitions(topic);
        }
        if (partitions.orElseThrow() != 1) {
            throw new ControlLogException("topic " + topic + " at " + settings.bootstrapServers()
                    + " must have one partition, so that its records have one order, but has "
                    + partitions.orElseThrow());
        }
    }

    private Optional<Integer> partitions(String topic) throws InterruptedException, ExecutionException {
        try {
            return Optional.of(description(topic).partitions().size());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private TopicDescription description(String topic) throws InterruptedException, ExecutionException {
        return requireNonNull(
                admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
    }

    /** What tells the control topic from another that was made after it was deleted. */
    Uuid id() throws InterruptedException, ExecutionException {
        return description(settings.topic()).topicId();
    }

    /** The offset behind all records of the control topic, those of open transactions included. */
    long end() throws InterruptedException, ExecutionException {
        TopicPartition partition = new TopicPartition(settings.topic(), 0);
        return admin.listOffsets(
                        Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private void create(NewTopic topic) throws InterruptedException, ExecutionException {
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // made by another process meanwhile
                throw e;
            }
        }
    }

    /** A topic that was just made is not known to all brokers at once. */
    private Optional<Integer> awaitPartitions(String topic) throws InterruptedException, ExecutionException {
        long begun = System.nanoTime();
        Optional<Integer> partitions = partitions(topic);
        while (partitions.isEmpty()) {
            if (System.nanoTime() - begun > ANSWERED_WITHIN.toNanos()) {
                throw new KafkaException(
                        "brokers at " + settings.bootstrapServers() + " must know topic " + topic + ", but do not");
            }
            partitions = partitions(topic);
        }
        return partitions;
    }

    /** Says in the log what about the control topic might lose records, or their order in time. */
    void warnIfItForgets() throws InterruptedException, ExecutionException {
        Map<String, String> other = settingsThatForget();
        if (!other.isEmpty()) {
            LOG.warn("{}: versions that are forgotten are missing after a restart and in reruns", mustKeep(other));
        }
    }

    /** Refuses a control topic that might lose records, or their order in time. */
    void checkItForgetsNothing() throws InterruptedException, ExecutionException {
        Map<String, String> other = settingsThatForget();
        if (!other.isEmpty()) {
            throw new ControlLogException(mustKeep(other));
        }
    }

    private String mustKeep(Map<String, String> other) {
        return "topic " + settings.topic() + " at " + settings.bootstrapServers()
                + " must keep its records for ever, by " + KEPT_FOR_EVER + ", but has " + other;
    }

    private Map<String, String> settingsThatForget() throws InterruptedException, ExecutionException {
        Map<String, String> other = new TreeMap<>();
        try {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
            Config config = requireNonNull(
                    admin.describeConfigs(List.of(topic)).all().get().get(topic));
            KEPT_FOR_EVER.forEach((name, value) -> {
                if (config.get(name) != null && !value.equals(config.get(name).value())) {
                    other.put(name, String.valueOf(config.get(name).value()));
                }
            });
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            LOG.warn("it is not known whether topic {} keeps its records for ever: {}", settings.topic(), e.toString());
        }
        return other;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
