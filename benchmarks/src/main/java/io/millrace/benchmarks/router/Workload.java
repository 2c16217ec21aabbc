package io.millrace.benchmarks.router;

import io.millrace.testfixtures.events.PlayEvent;
import io.millrace.testfixtures.events.PlayEvent.Play;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Play events in a topic, and how many of them the task lets through.
 *
 * @param topic where they are
 * @param events how many there are
 * @param results how many results they have
 */
record Workload(String topic, long events, long results) {
    private static final Set<String> COUNTRIES = Set.of("US", "CA");
    private static final long SEED = 42;

    /** Makes a topic and fills its first partitions evenly; the others stay empty. */
    static Workload load(KafkaBroker broker, String topic, int partitions, int filled, int events) {
        broker.createTopic(topic, partitions);
        AtomicLong results = new AtomicLong();
        broker.produce(events(events)
                .peek(event -> results.addAndGet(isTaken(event.play()) ? 1 : 0))
                .map(event -> new ProducerRecord<>(
                        topic,
                        event.position() % filled,
                        event.timestamp().toEpochMilli(),
                        event.key(),
                        event.value())));
        return new Workload(topic, events, results.get());
    }

    static Stream<PlayEvent> events(int count) {
        return PlayEvents.seed(SEED).count(count).stream();
    }

    static boolean isTaken(Play play) {
        return play.durationSeconds() > 60 && COUNTRIES.contains(play.country());
    }

    /** How many events there are for one result. */
    double eventsPerResult() {
        return (double) events / results;
    }
}
