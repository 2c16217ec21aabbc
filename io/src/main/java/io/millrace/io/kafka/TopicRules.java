package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

import io.millrace.io.sink.RefusedException;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The rules of a topic that a producer can check before it sends: a broker refuses a whole batch for one record that breaks them,
 * and the batch's other records could then only come behind later ones.
 *
 * @param maxBatchBytes how many bytes a batch of records may have
 * @param compacted whether every record needs a key
 * @param maxBeforeMillis how far before the clock a record's timestamp may lie
 * @param maxAfterMillis how far after the clock a record's timestamp may lie
 */
record TopicRules(int maxBatchBytes, boolean compacted, long maxBeforeMillis, long maxAfterMillis) {
    private static final String CLEANUP = "cleanup.policy";
    private static final String COMPACT = "compact";
    private static final TopicRules NONE = new TopicRules(Integer.MAX_VALUE, false, Long.MAX_VALUE, Long.MAX_VALUE);

    /** Asks the cluster for the rules of a topic, which must exist; who may not see them finds out when sending. */
    static TopicRules ask(KafkaSink sink) {
        try {
            return of(config(sink.bootstrapServers(), sink.properties(), sink.topic()));
        } catch (ExecutionException e) {
            return withoutAnswer(sink, e);
        }
    }

    /**
     * Checks that a topic keeps each record until its retention deletes it: of others it is not known whether one that is not there is one that
     * an archive lacks.
     *
     * @throws IllegalStateException if it is compacted, or does not say
     */
    static void checkKeepsAll(KafkaSource source, String topic) {
        String policy;
        try {
            policy = setting(config(source.bootstrapServers(), source.properties(), topic), CLEANUP, COMPACT);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "topic " + topic + " at " + source.bootstrapServers() + " must say its " + CLEANUP
                            + ", since it has an archive, but: " + e.getCause(),
                    e);
        }
        checkState(
                !policy.contains(COMPACT),
                "topic %s must have %s delete where it has an archive, but had %s: what compaction removes cannot be told from"
                        + " what an archive lacks",
                topic,
                CLEANUP,
                policy);
    }

    private static Config config(String bootstrapServers, Map<String, String> properties, String name)
            throws ExecutionException {
        Admin admin = Admin.create(ClientProperties.resolve(bootstrapServers, properties));
        try {
            admin.describeTopics(List.of(name)).allTopicNames().get();
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
            return requireNonNull(
                    admin.describeConfigs(List.of(topic)).all().get().get(topic));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for topic " + name, e);
        } finally {
            admin.close(Duration.ZERO); // without limit it would wait for answers that do not come
        }
    }

    private static TopicRules withoutAnswer(KafkaSink sink, ExecutionException e) {
        if (e.getCause() instanceof AuthorizationException) {
            return NONE;
        }
        String rule = "topic " + sink.topic() + " must be at " + sink.bootstrapServers() + ", but ";
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
            throw new IllegalStateException(rule + "does not exist: it must be created before it is written to");
        }
        throw new IllegalStateException(rule + "cannot be reached", e);
    }

    private static TopicRules of(Config config) {
        String none = Long.toString(Long.MAX_VALUE);
        int maxBatchBytes = Integer.parseInt(setting(config, "max.message.bytes", Integer.toString(Integer.MAX_VALUE)));
        boolean compacted = setting(config, CLEANUP, "").contains(COMPACT);
        if (!setting(config, "message.timestamp.type", "").equals("CreateTime")) {
            return new TopicRules(maxBatchBytes, compacted, Long.MAX_VALUE, Long.MAX_VALUE);
        }
        return new TopicRules(
                maxBatchBytes,
                compacted,
                Long.parseLong(setting(config, "message.timestamp.before.max.ms", none)),
                Long.parseLong(setting(config, "message.timestamp.after.max.ms", none)));
    }

    private static String setting(Config config, String name, String byDefault) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? byDefault : entry.value();
    }

    /** Refuses an event that lacks a key where each needs one. */
    void checkKey(Event event) throws RefusedException {
        if (compacted && event.key() == null) {
            throw new RefusedException(
                    Reason.REFUSED, "Kafka: a record of a compacted topic must have a key, but has none");
        }
    }

    /** Refuses a timestamp that the topic does not allow by a clock, which is only asked where the topic has such a rule. */
    void checkTime(long timestamp, Clock clock) throws RefusedException {
        if (timestamp < 0 || (limitsTime() && !isNear(timestamp, clock.millis()))) {
            throw new RefusedException(
                    Reason.REFUSED,
                    "Kafka: timestamp must be one that the topic allows, but was " + Instant.ofEpochMilli(timestamp));
        }
    }

    private boolean limitsTime() {
        return maxBeforeMillis != Long.MAX_VALUE || maxAfterMillis != Long.MAX_VALUE;
    }

    private boolean isNear(long timestamp, long now) {
        long ahead = timestamp - now;
        return ahead <= maxAfterMillis && -ahead <= maxBeforeMillis;
    }
}
