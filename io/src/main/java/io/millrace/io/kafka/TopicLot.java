package io.millrace.io.kafka;

import static java.util.Objects.requireNonNull;

import io.millrace.io.bulkhead.ParkingLot;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.TimedEvent;
import io.millrace.transforms.event.DeadLetter.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parks a task's events in topics, and looks how much of that is delivered, ten times a second while anything waits.
 *
 * <p>What a queue of an earlier run has delivered but not released is delivered again by the next one, before anything newer may be: so
 * of what was committed under the name found at opening, only what is released counts.
 */
final class TopicLot implements ParkingLot {
    private static final Logger LOG = LoggerFactory.getLogger(TopicLot.class);
    private static final int LOOK_EVERY_MILLIS = 100;

    private final KafkaParking settings;
    private final ParkedTopics topics;
    private final Producer<byte[], byte[]> producer;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(looker -> {
        Thread thread = new Thread(looker, "millrace-parked");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, List<TopicPartition>> partitions = new HashMap<>(); // by route
    private final Map<TopicPartition, String> earlierSessions = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> delivered = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    private TopicLot(KafkaParking settings) {
        this.settings = settings;
        this.topics = new ParkedTopics(settings);
        ByteArraySerializer bytes = new ByteArraySerializer();
        this.producer = new KafkaProducer<>(configuration(settings), bytes, bytes);
    }

    private static Map<String, Object> configuration(KafkaParking settings) {
        Map<String, Object> configuration =
                ClientProperties.resolve(settings.bootstrapServers(), settings.properties());
        KafkaSink.CLIENT_DEFAULTS.forEach(configuration::putIfAbsent);
        configuration.put("max.request.size", ParkedTopics.MAX_RECORD_BYTES);
        configuration.putAll(TopicProducer.NEVER_GIVES_UP);
        return configuration;
    }

    /** Opens the topics of routes, makes those that are missing, and looks what waits there already. */
    static TopicLot open(KafkaParking settings, Collection<String> routes) throws InterruptedException {
        TopicLot lot = new TopicLot(settings);
        try {
            lot.lookWhatIsThere(routes);
        } catch (InterruptedException | RuntimeException e) {
            lot.close();
            throw e;
        }
        lot.looking.scheduleWithFixedDelay(
                lot::lookWhatIsDelivered, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return lot;
    }

    private void lookWhatIsThere(Collection<String> routes) throws InterruptedException {
        List<String> names = routes.stream().map(settings::topic).toList();
        Map<String, Integer> numbers = topics.create(names);
        routes.forEach(route -> {
            String topic = settings.topic(route);
            partitions.put(route, ParkedTopics.all(Map.of(topic, requireNonNull(numbers.get(topic)))));
        });
        ends.putAll(topics.ends(ParkedTopics.all(numbers)));
        Set<String> unknown = topics.progress(names, (partition, progress) -> {
            earlierSessions.put(partition, progress.session());
            delivered.put(partition, progress.released());
        });
        if (!unknown.isEmpty()) {
            throw new KafkaException("brokers at " + settings.bootstrapServers()
                    + " must tell how much of what waits is delivered, but did not for topics " + unknown);
        }
    }

    private void lookWhatIsDelivered() {
        try {
            List<String> waiting = ends.keySet().stream()
                    .filter(partition -> waiting(partition) > 0)
                    .map(TopicPartition::topic)
                    .distinct()
                    .toList();
            topics.progress(waiting, (partition, progress) -> {
                boolean isEarlier = progress.session().equals(earlierSessions.get(partition));
                delivered.merge(partition, isEarlier ? progress.released() : progress.delivered(), Math::max);
            });
            synchronized (this) {
                notifyAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // or nobody would ever look again
            LOG.warn("it is not known how much of what was parked is delivered: {}", e.toString());
        }
    }

    @Override
    public void park(String route, TimedEvent event) throws RefusedException, IOException {
        byte[] value = ParkedRecords.encode(event);
        if (value.length > ParkedTopics.MAX_RECORD_BYTES - 1024) {
            throw new RefusedException(
                    Reason.TOO_LARGE,
                    "event must have at most " + ParkedTopics.MAX_RECORD_BYTES + " bytes to wait, but had "
                            + value.length);
        }
        List<TopicPartition> ofRoute = partitions(route);
        TopicPartition partition =
                ofRoute.get(ParkedTopics.partition(event.event().id().origin(), ofRoute.size()));
        producer.send(
                new ProducerRecord<>(partition.topic(), partition.partition(), null, value), (metadata, exception) -> {
                    if (exception == null) {
                        ends.merge(partition, metadata.offset() + 1, Math::max);
                    } else {
                        failure.compareAndSet(null, exception);
                    }
                });
    }

    @Override
    public void flush() throws IOException {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IOException(
                    "topics " + settings.topic("<route>") + " must take events that are to wait, but did not", failed);
        }
    }

    @Override
    public long waiting(String route) {
        return partitions(route).stream().mapToLong(this::waiting).sum();
    }

    private long waiting(TopicPartition partition) {
        return Math.max(0, ends.getOrDefault(partition, 0L) - delivered.getOrDefault(partition, 0L));
    }

    @Override
    public long delivered(String route) {
        return partitions(route).stream()
                .mapToLong(partition -> delivered.getOrDefault(partition, 0L))
                .sum();
    }

    private List<TopicPartition> partitions(String route) {
        return requireNonNull(partitions.get(route), route);
    }

    @Override
    public synchronized boolean awaitNoneWaiting(String route, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (waiting(route) > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    @Override
    public void close() {
        looking.shutdownNow();
        try {
            producer.close(Duration.ZERO);
        } finally {
            topics.close();
        }
    }
}
