package io.millrace.io.kafka;

import static java.util.Objects.requireNonNull;

import io.millrace.io.bulkhead.Retrieval;
import io.millrace.io.sink.TimedEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
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
    private static final Duration NEW_SESSION_EVERY = Duration.ofSeconds(10);
    private static final Duration FORGET_EVERY = Duration.ofMinutes(1);
    private static final int MAX_EVENTS = 1_000;

    private final KafkaParking settings;
    private final Map<String, String> routes = new HashMap<>(); // by topic
    private final int part;
    private final int parts;
    private final ParkedTopics topics;
    private final Map<String, Integer> partitions = new HashMap<>();
    private final Map<TopicPartition, Long> released = new HashMap<>(); // as it was last heard of

    TopicRetrieval(KafkaParking settings, Collection<String> routes, int part, int parts) {
        this.settings = settings;
        routes.forEach(route -> this.routes.put(settings.topic(route), route));
        this.part = part;
        this.parts = parts;
        this.topics = new ParkedTopics(settings);
    }

    @Override
    public Set<String> routes() throws InterruptedException {
        if (partitions.size() < routes.size()) {
            partitions.putAll(topics.partitions(routes.keySet()));
        }
        Map<TopicPartition, Long> ends = topics.ends(ours(partitions));
        ends.entrySet().removeIf(end -> end.getValue() <= released.getOrDefault(end.getKey(), 0L));
        Set<String> waiting = ends.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        topics.progress(waiting, (partition, progress) -> released.put(partition, progress.released()));
        return ends.entrySet().stream()
                .filter(end -> end.getValue() > released.getOrDefault(end.getKey(), 0L))
                .map(end -> requireNonNull(routes.get(end.getKey().topic())))
                .collect(Collectors.toSet());
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
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Map<TopicPartition, Long> delivered = new LinkedHashMap<>();
        private final Map<TopicPartition, Long> released = new ConcurrentHashMap<>();
        private Map<TopicPartition, OffsetAndMetadata> committed = Map.of();
        private volatile Map<TopicPartition, Long> forgotten = Map.of();
        private String session = UUID.randomUUID().toString();
        private long sessionSinceNanos = System.nanoTime();
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
            if (events.isEmpty()) {
                passWhatIsGone();
            }
            return new Parked(events, ends);
        }

        /** Where nothing comes, what lies before the position was deleted: it had been released. */
        private void passWhatIsGone() {
            delivered.replaceAll((partition, offset) -> {
                long position = consumer.position(partition);
                boolean isGone = position > offset && offset.equals(released.get(partition));
                return isGone ? released.merge(partition, position, Math::max) : offset;
            });
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
            if (System.nanoTime() - sessionSinceNanos > NEW_SESSION_EVERY.toNanos()) {
                session = UUID.randomUUID().toString(); // whoever began after this queue knows it now for a living one
                sessionSinceNanos = System.nanoTime();
            }
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
                Map<TopicPartition, Long> forgetting = Map.copyOf(released);
                forgottenAtNanos = System.nanoTime();
                topics.deleteBefore(forgetting, () -> forgotten = forgetting);
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
