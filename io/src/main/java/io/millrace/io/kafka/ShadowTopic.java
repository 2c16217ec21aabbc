package io.millrace.io.kafka;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** A topic that takes what another one takes, and in which a result has the partition that it has in that: with as many partitions and the same rules, but it keeps what it has until somebody deletes it. */
final class ShadowTopic {
    private static final Map<String, String> KEEPS = Map.of("retention.ms", "-1", "retention.bytes", "-1");

    private ShadowTopic() {}

    /** Makes it beside the topic of a sink, unless it is there. */
    static void make(KafkaSink sink, String name) throws IOException {
        try (Admin admin = Admin.create(ClientProperties.resolve(sink.bootstrapServers(), sink.properties()))) {
            int partitions = requireNonNull(admin.describeTopics(List.of(sink.topic()))
                            .allTopicNames()
                            .get()
                            .get(sink.topic()))
                    .partitions()
                    .size();
            Map<String, String> rules = rules(sink.topic(), admin);
            rules.putAll(KEEPS);
            NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(rules);
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IOException(
                        "topic " + name + " must be made like " + sink.topic() + ", but: " + e.getCause(), e);
            }
        } catch (KafkaException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while making topic " + name);
        }
    }

    /** Those that were set of the topic itself. */
    private static Map<String, String> rules(String topic, Admin admin)
            throws InterruptedException, ExecutionException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<String, String> rules = new HashMap<>();
        for (ConfigEntry entry : requireNonNull(
                        admin.describeConfigs(List.of(resource)).all().get().get(resource))
                .entries()) {
            if (entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                rules.put(entry.name(), entry.value());
            }
        }
        return rules;
    }
}
