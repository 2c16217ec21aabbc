package io.millrace.benchmarks.race;

import io.millrace.testfixtures.kafka.KafkaBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes play events to a topic at a steady rate, until it is closed.
 *
 * <p>What it falls behind by more than a moment it leaves out: a machine that was busy does not get a burst for it.
 */
public final class PacedLoad implements AutoCloseable {
    private static final int DISTINCT_EVENTS = 20_000;
    private static final double EVENTS_PER_SECOND_OF_A_TRICKLE = 1_000;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Producer<byte[], byte[]> producer;
    private final List<ProducerRecord<byte[], byte[]>> events;
    private volatile double eventsPerNano = EVENTS_PER_SECOND_OF_A_TRICKLE / 1e9;
    private long lastTick = System.nanoTime();
    private double due;
    private volatile long sent;

    private PacedLoad(KafkaBroker broker, String topic, int partitions) {
        this.producer = broker.producer(Map.of("acks", "1", "linger.ms", 10, "batch.size", 131_072));
        this.events = Workload.events(DISTINCT_EVENTS)
                .map(event -> new ProducerRecord<>(
                        topic, event.position() % partitions, (Long) null, event.key(), event.value()))
                .toList();
    }

    /** Starts with a trickle, so that a contender has no backlog to work off when it begins to work. */
    public static PacedLoad start(KafkaBroker broker, String topic, int partitions) {
        PacedLoad load = new PacedLoad(broker, topic, partitions);
        load.schedule();
        return load;
    }

    /** How many events were sent so far. */
    public long sent() {
        return sent;
    }

    /** Goes on at a rate. */
    public void goOn(double eventsPerSecond) {
        eventsPerNano = eventsPerSecond / 1e9;
    }

    /** Sends nothing any more. */
    public void stop() {
        goOn(0);
    }

    /** Goes on with hardly anything. */
    public void trickle() {
        goOn(EVENTS_PER_SECOND_OF_A_TRICKLE);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a load that stops is seen by who awaits its results
    private void schedule() {
        thread.scheduleAtFixedRate(this::sendWhatIsDue, 0, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private void sendWhatIsDue() {
        long now = System.nanoTime();
        due += Math.min(now - lastTick, MOMENT_NANOS) * eventsPerNano;
        lastTick = now;
        long number = sent;
        while (number < due) {
            producer.send(events.get((int) (number++ % events.size())));
        }
        sent = number;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        producer.close();
    }
}
