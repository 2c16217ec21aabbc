package io.millrace.benchmarks.join;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Impressions and plays as they come: each view of a title begins with a few impressions within two hours, and most end with a play
 * within three. They come in the order of their times, but for some seconds.
 *
 * <p>A record's key says whose view it is, its value begins with {@link #IMPRESSION} or {@link #PLAY}.
 */
final class Views {
    static final byte IMPRESSION = 'i';
    static final byte PLAY = 'p';

    /** How long before its play an impression may be. */
    static final Duration LOOKBACK = Duration.ofHours(4);

    /** How far the watermark is behind. */
    static final Duration OUT_OF_ORDER = Duration.ofSeconds(10);

    private static final long START = 1_700_000_000_000L;
    private static final int MOST_IMPRESSIONS = 7;
    private static final double PLAYED = 0.9;
    private static final long IMPRESSIONS_WITHIN = Duration.ofHours(2).toMillis();
    private static final long PLAY_WITHIN = Duration.ofHours(3).toMillis();
    private static final int JITTER = 5_000;

    private final String topic;
    private final int views;
    private final long everyMillis;
    private final Random random = new Random(42);
    private final PriorityQueue<Timed> coming = new PriorityQueue<>(Comparator.comparingLong(Timed::arrives));
    private int begun;
    private long joined;

    /** So many views, of which so many begin within {@link #LOOKBACK}. */
    Views(String topic, int views, int waiting) {
        this.topic = topic;
        this.views = views;
        this.everyMillis = Math.max(1, LOOKBACK.toMillis() / waiting);
    }

    private record Timed(long arrives, ProducerRecord<byte[], byte[]> made) {}

    /** The records, made as they are asked for. */
    Stream<ProducerRecord<byte[], byte[]>> records() {
        Iterator<ProducerRecord<byte[], byte[]>> records = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return begun < views || !coming.isEmpty();
            }

            @Override
            public ProducerRecord<byte[], byte[]> next() {
                while (begun < views && (coming.isEmpty() || coming.peek().arrives() >= begins(begun))) {
                    begin(begun++);
                }
                return coming.remove().made();
            }
        };
        Iterable<ProducerRecord<byte[], byte[]>> all = () -> records;
        return StreamSupport.stream(all.spliterator(), false);
    }

    private long begins(int view) {
        return START + view * everyMillis;
    }

    private void begin(int view) {
        byte[] key = bytes("p%07d/t%04d".formatted(view, view % 5_000));
        long first = Long.MAX_VALUE;
        for (int i = random.nextInt(MOST_IMPRESSIONS); i >= 0; i--) {
            long time = begins(view) + random.nextLong(IMPRESSIONS_WITHIN);
            first = Math.min(first, time);
            come(
                    time,
                    key,
                    bytes("i row-%02d position-%02d of %s".formatted(random.nextInt(40), random.nextInt(40), "home")));
        }
        if (random.nextDouble() < PLAYED) {
            long time = begins(view) + random.nextLong(PLAY_WITHIN);
            come(
                    time,
                    key,
                    bytes("p %06d seconds on device-%d".formatted(random.nextInt(10_000), random.nextInt(100))));
            joined += first <= time ? 1 : 0;
        }
    }

    /** How many plays of the records so far come after an impression. */
    long joined() {
        return joined;
    }

    private void come(long time, byte[] key, byte[] value) {
        coming.add(new Timed(time + random.nextInt(JITTER), new ProducerRecord<>(topic, 0, time, key, value)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
