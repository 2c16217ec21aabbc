package io.millrace.transforms.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.millrace.transforms.shard.Batches;
import io.millrace.transforms.shard.KeyBytes;
import io.millrace.transforms.shard.Shards;
import io.millrace.transforms.view.FullPublish.BrokenOffException;
import io.millrace.transforms.view.FullPublish.Page;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads full publishes, some pages at a time, and sends their entries to shards, put together; with the last page it says to each shard how many entries
 * it should have, so that nothing counts before all has come, in whatever order it comes.
 *
 * <p>It is called with a tick now and then, and with a request. After some pages it is a timer that calls.
 */
final class PublishFn<EventT, ItemT> extends DoFn<KV<Integer, Boolean>, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(PublishFn.class);
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final int DOUBLINGS = 6;
    private static final double MILLIS = 1000;

    /** For how long it reads at a time, and how much at the rate of entries: the more, the more entries go to a shard together. */
    private static final long TURN_MILLIS = 500;

    private final FullPublish<EventT> publish;
    private final Fold<EventT, ItemT> fold;
    private final PublishSettings settings;
    private final Coder<EventT> event;
    private final Coder<ItemT> item;
    private final ViewTags<EventT, ItemT> tags;
    private final ViewMetrics metrics;

    @StateId("progress")
    private final StateSpec<ValueState<byte[]>> progressSpec = StateSpecs.value(ByteArrayCoder.of());

    @TimerId("next")
    private final TimerSpec nextSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private transient FullPublish.@Nullable Reader<EventT> reader;

    PublishFn(
            FullPublish<EventT> publish,
            Fold<EventT, ItemT> fold,
            PublishSettings settings,
            Coder<EventT> event,
            Coder<ItemT> item,
            ViewTags<EventT, ItemT> tags,
            ViewMetrics metrics) {
        this.publish = publish;
        this.fold = fold;
        this.settings = settings;
        this.event = event;
        this.item = item;
        this.tags = tags;
        this.metrics = metrics;
    }

    @ProcessElement
    public void process(
            @Element KV<Integer, Boolean> call,
            @StateId("progress") ValueState<byte[]> kept,
            @TimerId("next") Timer next,
            MultiOutputReceiver out)
            throws IOException {
        Instant now = next.getCurrentRelativeTime();
        PublishProgress progress = PublishProgress.of(kept.read());
        progress.isRequested |= call.getValue();
        if (!progress.isDue(now.getMillis())) {
            keepRequest(call, progress, kept);
            return;
        }
        begin(progress, now.getMillis());
        if (settings.atOnce()) {
            readPages(progress, Long.MAX_VALUE, now, out);
        } else {
            in(0, next);
        }
        kept.write(progress.bytes());
    }

    private static void keepRequest(KV<Integer, Boolean> call, PublishProgress progress, ValueState<byte[]> kept) {
        if (call.getValue()) {
            kept.write(progress.bytes());
        }
    }

    private void begin(PublishProgress progress, long now) {
        progress.begin(now, settings);
        LOG.info("full publish {} begins", progress.generation);
    }

    private static void in(long millis, Timer next) {
        next.withNoOutputTimestamp().offset(Duration.millis(millis)).setRelative();
    }

    @OnTimer("next")
    public void onNext(
            @StateId("progress") ValueState<byte[]> kept, @TimerId("next") Timer next, MultiOutputReceiver out)
            throws IOException {
        Instant now = next.getCurrentRelativeTime();
        PublishProgress progress = PublishProgress.of(kept.read());
        if (!progress.isReading) {
            return;
        }
        long pause = readOrWait(progress, now, out);
        if (progress.isDue(now.getMillis())) {
            begin(progress, now.getMillis());
        }
        if (progress.isReading) {
            in(pause, next);
        }
        kept.write(progress.bytes());
    }

    /** Reads the next pages; in how many milliseconds those behind them are due, or the same once more. */
    private long readOrWait(PublishProgress progress, Instant now, MultiOutputReceiver out) throws IOException {
        long before = progress.entries;
        long begun = System.nanoTime();
        try {
            readPages(progress, TURN_MILLIS, now, out);
            long ofRate = (long) ((progress.entries - before) * MILLIS / settings.entriesPerSecond());
            return Math.max(0, ofRate - millisSince(begun));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (BrokenOffException e) {
            breakOff(progress, now.getMillis(), e);
            return 0;
        } catch (IOException e) {
            if (progress.fails(now.getMillis()) > settings.giveUpMillis()) {
                breakOff(progress, now.getMillis(), e);
                return 0;
            }
            long pause = pause(progress.attempts);
            LOG.warn("full publish {} is tried again in {} ms: {}", progress.generation, pause, e.toString());
            return pause;
        }
    }

    private static long pause(int attempts) {
        return Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(DOUBLINGS, attempts - 1));
    }

    /** Begins anew after a while: what was read of it never counts. */
    private void breakOff(PublishProgress progress, long now, IOException why) {
        metrics.countBrokenOff();
        LOG.warn(
                "full publish {} broke off after {} entries, and does not count; the next begins in {} ms: {}",
                progress.generation,
                progress.entries,
                LONGEST_PAUSE_MILLIS,
                why.toString());
        progress.isReading = false;
        progress.nextAt = Math.min(progress.nextAt, now + LONGEST_PAUSE_MILLIS);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** Reads pages up to the last, or for so long, and no more of them than the rate has for that time. */
    private void readPages(PublishProgress progress, long millis, Instant now, MultiOutputReceiver out)
            throws IOException {
        long begun = System.nanoTime();
        double most = progress.entries + settings.entriesPerSecond() * millis / MILLIS;
        Batches batches = ShardMessage.entries(progress.generation);
        Batches.Leaving leaving =
                (shard, batch, time) -> out.get(tags.messages()).outputWithTimestamp(KV.of(shard, batch), time);
        boolean hasMore;
        try {
            do {
                hasMore = readPage(progress, now, batches, leaving, out);
            } while (hasMore && progress.entries < most && millisSince(begun) < millis);
        } finally {
            batches.leaveAll(leaving);
        }
        if (!hasMore) {
            complete(progress, now, out);
        }
    }

    /** Reads a page; whether another one is behind it. */
    private boolean readPage(
            PublishProgress progress, Instant now, Batches batches, Batches.Leaving leaving, MultiOutputReceiver out)
            throws IOException {
        Page<EventT> page = page(progress.cursor);
        if (progress.cursor.isEmpty() && page.version() != null) {
            progress.version = page.version();
        }
        for (EventT entry : page.entries()) {
            take(entry, progress, now, batches, leaving, out);
        }
        progress.read();
        if (page.next() != null) {
            progress.cursor = page.next();
        }
        return page.next() != null;
    }

    private Page<EventT> page(String cursor) throws IOException {
        if (reader == null) {
            reader = publish.open();
        }
        try {
            return reader.read(cursor);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading a full publish");
        }
    }

    private void take(
            EventT entry,
            PublishProgress progress,
            Instant now,
            Batches batches,
            Batches.Leaving leaving,
            MultiOutputReceiver out)
            throws IOException {
        progress.entries++;
        List<Folded<ItemT>> items;
        try {
            items = Folded.by(fold, entry, progress.version);
        } catch (UnfoldableException e) {
            progress.refused++;
            metrics.countUnfoldable();
            out.get(tags.refused())
                    .outputWithTimestamp(new Refused<>(entry, e.reason(), String.valueOf(e.getMessage())), now);
            return;
        }
        byte[] encoded = items.isEmpty() ? new byte[0] : CoderUtils.encodeToByteArray(event, entry);
        for (Folded<ItemT> one : items) {
            if (one.value() != null) {
                byte[] value = CoderUtils.encodeToByteArray(item, one.value());
                KeyBytes key = one.keyBytes();
                int shard = key.shard(Shards.COUNT);
                progress.ofShards[shard]++;
                byte[] name = one.item().getBytes(UTF_8);
                batches.add(shard, now, to -> ShardMessage.write(key, name, value, encoded, to), leaving);
            }
        }
    }

    private void complete(PublishProgress progress, Instant now, MultiOutputReceiver out) {
        boolean hasAll = progress.refused == 0;
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            byte[] message =
                    ShardMessage.complete(progress.generation, progress.version, progress.ofShards[shard], hasAll);
            out.get(tags.messages()).outputWithTimestamp(KV.of(shard, message), now);
        }
        progress.isReading = false;
        if (hasAll) {
            metrics.countPublish();
            LOG.info(
                    "full publish {} of version {} is complete, with {} entries",
                    progress.generation,
                    progress.version,
                    progress.entries);
        } else {
            metrics.countBrokenOff();
            LOG.warn(
                    "full publish {} of version {} had {} entries, of which {} could not be used: so nothing is removed by it",
                    progress.generation,
                    progress.version,
                    progress.entries,
                    progress.refused);
        }
    }

    @Teardown
    public void close() throws IOException {
        if (reader != null) {
            requireNonNull(reader).close();
        }
    }

    /** What is sent has the time at which it is sent. */
    @Override
    @Deprecated
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }
}
