package io.millrace.benchmarks.router;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The limit: a thread a part of the partitions polls, routes and sends, and commits now and then. */
final class KafkaLoop implements Runnable {
    private final Task task;
    private final List<TopicPartition> partitions;
    private final Plays plays = new StreamingPlays();
    private volatile @Nullable RuntimeException failure; // of the producer's thread

    private KafkaLoop(Task task, List<TopicPartition> partitions) {
        this.task = task;
        this.partitions = partitions;
    }

    static void run(Task task) {
        List<KafkaLoop> loops = IntStream.range(0, task.parallelism())
                .mapToObj(part -> new KafkaLoop(task, partitions(task, part)))
                .toList();
        loops.stream().skip(1).forEach(loop -> new Thread(() -> runOrHalt(loop), "loop").start());
        runOrHalt(loops.get(0));
    }

    /** A loop that ends takes the process with it, so that nobody measures the others alone. */
    private static void runOrHalt(KafkaLoop loop) {
        try {
            loop.run();
        } catch (RuntimeException e) {
            e.printStackTrace();
        }
        Runtime.getRuntime().halt(1);
    }

    private static List<TopicPartition> partitions(Task task, int part) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(task)) {
            return consumer.partitionsFor(task.input()).stream()
                    .filter(info -> info.partition() % task.parallelism() == part)
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Task task) {
        Map<String, Object> settings = task.consumerSettings();
        settings.putAll(
                Map.of("group.id", task.output(), "auto.offset.reset", "earliest", "enable.auto.commit", false));
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void run() {
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(task);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(task.producerSettings(), bytes, bytes)) {
            consumer.assign(partitions);
            long committed = System.nanoTime();
            while (true) {
                for (ConsumerRecord<byte[], byte[]> event : consumer.poll(Duration.ofMillis(100))) {
                    route(event, producer);
                }
                if (System.nanoTime() - committed > Task.CHECKPOINTING_INTERVAL_MILLIS * 1_000_000) {
                    producer.flush();
                    throwFailure();
                    consumer.commitSync();
                    committed = System.nanoTime();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void route(ConsumerRecord<byte[], byte[]> event, KafkaProducer<byte[], byte[]> producer)
            throws IOException {
        byte[] result = plays.route(event.value());
        if (result != null) {
            producer.send(
                    new ProducerRecord<>(task.output(), null, event.timestamp(), event.key(), result),
                    (sent, problem) -> failure = problem == null ? failure : new IllegalStateException(problem));
        }
    }

    private void throwFailure() {
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }
}
