package io.millrace.io.kafka;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The rules of a topic that a producer can check before it sends: a broker refuses a whole batch for one record that breaks them,
 * and its other records could then only come behind later ones.
 *
 * @param compacted whether every record needs a key
 */
record TopicRules(boolean compacted) {

    /** Asks the cluster for the rules of a topic, which must exist; who may not see them finds out when sending. */
    static TopicRules ask(KafkaSink sink) {
        try (Admin admin = Admin.create(ClientProperties.resolve(sink.bootstrapServers(), sink.properties()))) {
            admin.describeTopics(List.of(sink.topic())).allTopicNames().get();
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, sink.topic());
            Config config = requireNonNull(
                    admin.describeConfigs(List.of(topic)).all().get().get(topic));
            ConfigEntry cleanup = config.get("cleanup.policy");
            return new TopicRules(cleanup != null && cleanup.value().contains("compact"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for topic " + sink.topic(), e);
        } catch (ExecutionException e) {
            return withoutAnswer(sink, e);
        }
    }

    private static TopicRules withoutAnswer(KafkaSink sink, ExecutionException e) {
        if (e.getCause() instanceof AuthorizationException) {
            return new TopicRules(false);
        }
        String problem =
                e.getCause() instanceof UnknownTopicOrPartitionException ? "does not exist" : "cannot be reached";
        throw new IllegalStateException(
                "topic " + sink.topic() + " must be at " + sink.bootstrapServers() + ", but " + problem, e);
    }

    void check(Event event) throws RefusedException {
        if (compacted && event.key() == null) {
            throw new RefusedException(
                    Reason.REFUSED, "Kafka: a record of a compacted topic must have a key, but has none");
        }
    }
}
