package io.millrace.benchmarks.race;

import io.millrace.testfixtures.events.PlayEvent;
import io.millrace.testfixtures.events.PlayEvent.Play;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Play events in a topic, and how many of them the work lets through.
 *
 * @param topic where they are
 * @param events how many there are
 * @param results how many results they have
 */
public record Workload(String topic, long events, long results) {
    private static final long SEED = 42;

    /** Makes a topic and fills its first partitions evenly; the others stay empty. */
    public static Workload load(
            KafkaBroker broker, String topic, int partitions, int filled, int events, Predicate<Play> isTaken) {
        broker.createTopic(topic, partitions);
        return fill(broker, topic, filled, events, isTaken);
    }

    /** Fills the first partitions of a topic evenly. */
    public static Workload fill(KafkaBroker broker, String topic, int filled, int events, Predicate<Play> isTaken) {
        AtomicLong results = new AtomicLong();
        broker.produce(events(events)
                .peek(event -> results.addAndGet(isTaken.test(event.play()) ? 1 : 0))
                .map(event -> new ProducerRecord<>(
                        topic,
                        event.position() % filled,
                        event.timestamp().toEpochMilli(),
                        event.key(),
                        event.value())));
        return new Workload(topic, events, results.get());
    }

    /** The same events whenever they are asked for. */
    public static Stream<PlayEvent> events(int count) {
        return PlayEvents.seed(SEED).count(count).stream();
    }

    /** How many events there are for one result. */
    public double eventsPerResult() {
        return (double) events / results;
    }
}
