package io.millrace.io.kafka;

import static java.util.Objects.requireNonNull;

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
import java.util.UUID;
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
    private static final Duration LAST_COMMIT = Duration.ofSeconds(1);
    private static final Duration COMMIT_AGAIN = Duration.ofHours(1);
    private static final Duration FORGET_EVERY = Duration.ofMinutes(1);
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
        Map<String, Integer> partitions = topics.partitions(routes.keySet());
        Map<TopicPartition, Long> released = new HashMap<>();
        topics.progress(partitions.keySet(), (partition, progress) -> released.put(partition, progress.released()));
        Set<String> waiting = new HashSet<>();
        topics.ends(ours(partitions)).forEach((partition, end) -> {
            if (end > released.getOrDefault(partition, 0L)) {
                waiting.add(requireNonNull(routes.get(partition.topic())));
            }
        });
        return waiting;
    }

    private List<TopicPartition> ours(Map<String, Integer> partitions) {
        return ParkedTopics.all(partitions).stream()
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
                    consumer, ours(Map.of(topic, consumer.partitionsFor(topic).size())));
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
        private final String session = UUID.randomUUID().toString();
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Map<TopicPartition, Long> delivered = new LinkedHashMap<>();
        private final Map<TopicPartition, Long> released = new ConcurrentHashMap<>();
        private Map<TopicPartition, OffsetAndMetadata> committed = Map.of();
        private Map<TopicPartition, Long> forgotten = Map.of();
        private long committedAtNanos;
        private long forgottenAtNanos = System.nanoTime();

        TopicQueue(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
            this.consumer = consumer;
            consumer.assign(partitions);
            partitions.forEach(partition -> delivered.put(partition, consumer.position(partition)));
            released.putAll(delivered);
        }

        @Override
        public Parked next() throws IOException {
            commit();
            forget();
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
        public void release(Map<Integer, Long> ends) {
            released.replaceAll(
                    (partition, offset) -> Math.max(offset, ends.getOrDefault(partition.partition(), offset)));
        }

        @Override
        public boolean isReleased() {
            return released.equals(delivered);
        }

        /** Commits what has changed; and what has not, before the brokers forget it. */
        private void commit() {
            Map<TopicPartition, OffsetAndMetadata> commits = commits();
            if (commits.equals(committed) && System.nanoTime() - committedAtNanos < COMMIT_AGAIN.toNanos()) {
                return;
            }
            committed = commits;
            committedAtNanos = System.nanoTime();
            consumer.commitAsync(commits, (asked, failure) -> {
                if (failure != null) {
                    LOG.warn("it could not be committed what was delivered of {}: {}", asked, failure.toString());
                    committed = Map.of();
                }
            });
        }

        private Map<TopicPartition, OffsetAndMetadata> commits() {
            Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
            delivered.forEach((partition, offset) -> commits.put(
                    partition, new ParkedProgress(released.getOrDefault(partition, offset), session, offset).commit()));
            return commits;
        }

        /** What is released need not be kept: at once when that is everything, else once a minute. */
        private void forget() {
            boolean isTime = isReleased() || System.nanoTime() - forgottenAtNanos > FORGET_EVERY.toNanos();
            if (isTime && !released.equals(forgotten)) {
                forgotten = Map.copyOf(released);
                forgottenAtNanos = System.nanoTime();
                topics.deleteBefore(forgotten);
            }
        }

        @Override
        public void close() {
            boolean interrupted = Thread.interrupted(); // which would end the last commit at once
            try {
                consumer.commitSync(commits(), LAST_COMMIT);
            } catch (KafkaException e) {
                LOG.warn("it could not be committed what was delivered at last: {}", e.toString());
            } finally {
                consumer.close(Duration.ZERO);
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
