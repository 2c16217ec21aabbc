package io.millrace.benchmarks.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ContenderProcess;
import io.millrace.benchmarks.race.PacedLoad;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** For how long nothing is delivered while a table is loaded again under a steady load. */
final class ReloadTrial {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String RELOAD_EVERY = "PT10S";

    private final KafkaBroker broker;
    private final Path folder;
    private final Titles titles;
    private final Duration each;
    private long last;
    private long longest;
    private boolean isNext;

    ReloadTrial(KafkaBroker broker, Path folder, Titles titles, Duration each) {
        this.broker = broker;
        this.folder = folder;
        this.titles = titles;
        this.each = each;
    }

    /**
     * The longest times without a result.
     *
     * @param before with the first table
     * @param during from when the next one was there to be loaded until some time after results with it had come
     */
    record Outcome(double beforeSeconds, double duringSeconds) {}

    Outcome run(double eventsPerSecond) {
        broker.createTopic("reloading-plays", 1);
        broker.createTopic("reloading-results", 1);
        titles.write(1);
        Assignment assignment = new Assignment(broker.bootstrapServers(), "reloading-plays", "reloading-results");
        try (ContenderProcess job = ContenderProcess.start(
                        HeldRoute.class,
                        assignment,
                        HeldRoute.reloading(titles, RELOAD_EVERY),
                        folder.resolve("reloading-results"),
                        List.of("-Xmx" + HeldRoute.HEAP));
                PacedLoad load = PacedLoad.start(broker, assignment.input(), 1);
                KafkaConsumer<byte[], byte[]> results = results(assignment.output())) {
            Eventually.within(PATIENCE).until("a first result", () -> look(results));
            load.goOn(eventsPerSecond);
            longestGap(results, each, () -> true);
            double before = longestGap(results, each, () -> true);
            titles.write(2);
            double during = longestGap(results, each, () -> isNext);
            job.sample(); // it still lives
            return new Outcome(before, during);
        }
    }

    /** The longest time without a result, of a span that begins again until something has come to be. */
    private double longestGap(KafkaConsumer<byte[], byte[]> results, Duration span, BooleanSupplier isSo) {
        last = System.nanoTime();
        longest = 0;
        long start = System.nanoTime();
        boolean wasSo = false;
        while (System.nanoTime() - start < span.toNanos()) {
            look(results);
            if (!wasSo && !isSo.getAsBoolean()) {
                start = System.nanoTime();
            } else {
                wasSo = true;
            }
            if (System.nanoTime() - last > PATIENCE.toNanos()) {
                throw new IllegalStateException("results must come, but none did for " + PATIENCE);
            }
        }
        return longest / 1e9;
    }

    private boolean look(KafkaConsumer<byte[], byte[]> results) {
        ConsumerRecords<byte[], byte[]> come = results.poll(Duration.ofMillis(100));
        long now = System.nanoTime();
        longest = Math.max(longest, now - last);
        if (come.isEmpty()) {
            return false;
        }
        last = now;
        for (ConsumerRecord<byte[], byte[]> result : come) {
            isNext |= new String(result.value(), UTF_8).contains(Titles.mark(2));
        }
        return true;
    }

    private KafkaConsumer<byte[], byte[]> results(String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }
}
