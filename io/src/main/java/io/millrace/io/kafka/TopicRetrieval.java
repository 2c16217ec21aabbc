package io.millrace.io.kafka;

import io.millrace.io.bulkhead.Retrieval;
import io.millrace.io.sink.TimedEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Some of the partitions of the topics in which routes' events wait. */
final class TopicRetrieval implements Retrieval {
    private static final Logger LOG = LoggerFactory.getLogger(TopicRetrieval.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LAST_COMMIT = Duration.ofSeconds(2);
    private static final int MAX_EVENTS = 1_000;

    private final KafkaParking settings;
    private final Map<String, String> routes = new HashMap<>(); // by topic
    private final int part;
    private final int parts;
    private final ParkedTopics topics;

    TopicRetrieval(KafkaParking settings, Collection<String> routes, int part, int parts) {
        this.settings = settings;
        routes.forEach(route -> this.routes.put(settings.topic(route), route));
        this.part = part;
        this.parts = parts;
        this.topics = new ParkedTopics(settings);
    }

    @Override
    public Set<String> routes() throws InterruptedException {
        List<TopicPartition> ours = new ArrayList<>();
        Map<String, Integer> partitions = topics.partitions(routes.keySet());
        partitions.forEach((topic, number) -> ours.addAll(ours(topic, number)));
        Map<TopicPartition, Long> delivered = topics.delivered(partitions.keySet());
        Set<String> waiting = new HashSet<>();
        topics.ends(ours).forEach((partition, end) -> {
            if (end > delivered.getOrDefault(partition, 0L)) {
                waiting.add(routes.get(partition.topic()));
            }
        });
        return waiting;
    }

    private List<TopicPartition> ours(String topic, int partitions) {
        return ParkedTopics.all(topic, partitions).stream()
                .filter(partition -> partition.partition() % parts == part)
                .toList();
    }

    @Override
    public Queue queue(String route) throws IOException {
        String topic = settings.topic(route);
        Map<String, Object> configuration =
                ClientProperties.resolve(settings.bootstrapServers(), settings.properties());
        configuration.put("group.id", topic);
        configuration.put("enable.auto.commit", false);
        configuration.put("auto.offset.reset", "earliest"); // what lies before the first record was released
        configuration.put("allow.auto.create.topics", false);
        configuration.put("max.poll.records", MAX_EVENTS);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(configuration, bytes, bytes);
        try {
            return new TopicQueue(
                    consumer, ours(topic, consumer.partitionsFor(topic).size()));
        } catch (RuntimeException e) {
            consumer.close(Duration.ZERO);
            throw e;
        }
    }

    @Override
    public void close() {
        topics.close();
    }

    private final class TopicQueue implements Queue {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Map<TopicPartition, Long> delivered = new LinkedHashMap<>();
        private final Map<TopicPartition, Long> released = new ConcurrentHashMap<>();
        private Map<TopicPartition, OffsetAndMetadata> committed;

        TopicQueue(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
            this.consumer = consumer;
            consumer.assign(partitions);
            partitions.forEach(partition -> delivered.put(partition, consumer.position(partition)));
            released.putAll(delivered);
            committed = commits();
        }

        @Override
        public Parked next() throws IOException {
            commit();
            List<TimedEvent> events = new ArrayList<>();
            Map<Integer, Long> ends = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> parked : consumer.poll(POLL)) {
                events.add(ParkedRecords.decode(parked.value()));
                ends.put(parked.partition(), parked.offset() + 1);
            }
            return new Parked(events, ends);
        }

        @Override
        public void delivered(Parked parked) {
            delivered.replaceAll((partition, offset) -> parked.ends().getOrDefault(partition.partition(), offset));
            commit();
        }

        @Override
        public void release(Parked parked) {
            released.replaceAll(
                    (partition, offset) -> Math.max(offset, parked.ends().getOrDefault(partition.partition(), offset)));
        }

        private void commit() {
            Map<TopicPartition, OffsetAndMetadata> commits = commits();
            if (!commits.equals(committed)) {
                committed = commits;
                consumer.commitAsync(commits, (asked, failure) -> {
                    if (failure != null) {
                        LOG.warn("it could not be committed what was delivered of {}: {}", asked, failure.toString());
                        committed = Map.of();
                    }
                });
                forgetReleased();
            }
        }

        private Map<TopicPartition, OffsetAndMetadata> commits() {
            Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
            delivered.forEach((partition, offset) ->
                    commits.put(partition, ParkedTopics.commit(released.getOrDefault(partition, offset), offset)));
            return commits;
        }

        /** When everything is released, nothing need be kept. */
        private void forgetReleased() {
            if (released.equals(delivered)) {
                topics.deleteBefore(Map.copyOf(released));
            }
        }

        @Override
        public void close() {
            try {
                consumer.commitSync(commits(), LAST_COMMIT);
            } catch (KafkaException e) {
                LOG.warn("it could not be committed what was delivered at last: {}", e.toString());
            }
            consumer.close(Duration.ZERO);
        }
    }
}
