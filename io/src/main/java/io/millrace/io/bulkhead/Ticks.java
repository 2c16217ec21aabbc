package io.millrace.io.bulkhead;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Wakes every part of a step ten times a second, each always in the same task.
 *
 * <p>A runner keeps a source in its checkpoints as it was at first; this one has nothing in it that a later version of a job could want
 * otherwise.
 */
final class Ticks extends UnboundedSource<Tick, Ticks.NoMark> {
    private static final long serialVersionUID = 1;
    private static final Duration EVERY = Duration.ofMillis(100);

    private final Tick tick;
    private final Clock clock;

    private Ticks(Tick tick, Clock clock) {
        this.tick = tick;
        this.clock = clock;
    }

    /** Ticks at the times of a clock. */
    static Ticks by(Clock clock) {
        return new Ticks(new Tick(0, 1), clock);
    }

    @Override
    public List<Ticks> split(int desiredParts, PipelineOptions options) {
        return IntStream.range(0, desiredParts)
                .mapToObj(part -> new Ticks(new Tick(part, desiredParts), clock))
                .toList();
    }

    @Override
    public UnboundedReader<Tick> createReader(PipelineOptions options, @Nullable NoMark mark) {
        return new TickReader();
    }

    @Override
    public Coder<NoMark> getCheckpointMarkCoder() {
        return new NoMarkCoder();
    }

    @Override
    public Coder<Tick> getOutputCoder() {
        return Tick.CODER;
    }

    /** There is nothing to remember. */
    record NoMark() implements CheckpointMark {
        @Override
        public void finalizeCheckpoint() {}
    }

    private static final class NoMarkCoder extends AtomicCoder<NoMark> {
        private static final long serialVersionUID = 1;

        @Override
        public void encode(NoMark mark, OutputStream out) {}

        @Override
        public NoMark decode(InputStream in) {
            return new NoMark();
        }
    }

    private final class TickReader extends UnboundedReader<Tick> {
        private long nextNanos = System.nanoTime();
        private @Nullable Instant now;

        @Override
        public boolean start() {
            return advance();
        }

        @Override
        public boolean advance() {
            if (System.nanoTime() - nextNanos < 0) {
                return false;
            }
            nextNanos = System.nanoTime() + EVERY.toNanos();
            now = new Instant(clock.millis());
            return true;
        }

        @Override
        public Tick getCurrent() {
            return tick;
        }

        @Override
        public Instant getCurrentTimestamp() {
            if (now == null) {
                throw new NoSuchElementException();
            }
            return now;
        }

        @Override
        public Instant getWatermark() {
            return now == null ? new Instant(clock.millis()) : now;
        }

        @Override
        public CheckpointMark getCheckpointMark() {
            return new NoMark();
        }

        @Override
        public UnboundedSource<Tick, ?> getCurrentSource() {
            return Ticks.this;
        }

        @Override
        public void close() {}
    }
}
