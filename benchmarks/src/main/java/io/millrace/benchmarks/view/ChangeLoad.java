package io.millrace.benchmarks.view;

import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.transforms.event.SystemClock;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;

/** Changes titles at a steady rate, and has some of the changes awaited, until it is closed. */
final class ChangeLoad implements AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int AWAITED_OF = 25;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Clock clock = SystemClock.utc();
    private final SplittableRandom random = new SplittableRandom(7);
    private final Producer<byte[], byte[]> producer;
    private final Titles titles;
    private final String topic;
    private final Probe probe;
    private final double eventsPerNano;
    private long lastTick = System.nanoTime();
    private double due;
    private long sent;

    ChangeLoad(KafkaBroker broker, String topic, Titles titles, Probe probe, double perSecond) {
        this.producer = broker.producer(Map.of("acks", "1", "linger.ms", 5));
        this.topic = topic;
        this.titles = titles;
        this.probe = probe;
        this.eventsPerNano = perSecond / 1e9;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a load that stops is seen by the probe's count
    ChangeLoad start() {
        thread.scheduleAtFixedRate(this::sendWhatIsDue, 0, TICK_NANOS, TimeUnit.NANOSECONDS);
        return this;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private void sendWhatIsDue() {
        long now = System.nanoTime();
        due += Math.min(now - lastTick, MOMENT_NANOS) * eventsPerNano;
        lastTick = now;
        while (sent < due) {
            int title = random.nextInt(titles.number());
            long version = Math.max(clock.millis(), titles.version(title) + 1);
            producer.send(titles.event(topic, title, version));
            if (sent++ % AWAITED_OF == 0) {
                probe.await(Titles.key(title), version);
            }
        }
    }

    /** Ends when all is sent. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            boolean ended = thread.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
