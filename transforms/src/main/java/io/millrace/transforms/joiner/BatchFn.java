package io.millrace.transforms.joiner;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Puts the elements of a bundle together by the shards of their keys: what a step costs it costs for each batch. */
final class BatchFn<KeyT, T> extends DoFn<KV<KeyT, T>, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1;

    /** How many bytes are together of a shard. */
    private static final int FULL_BYTES = 1 << 16;

    /** How many bytes are together of all. */
    private static final int ALL_BYTES = 1 << 24;

    private final Side side;
    private final int shards;
    private final Coder<KeyT> key;
    private final Coder<T> element;
    private transient Map<Integer, Batch> batches = new HashMap<>();
    private transient int bytes;

    BatchFn(Side side, int shards, Coder<KeyT> key, Coder<T> element) {
        this.side = side;
        this.shards = shards;
        this.key = key;
        this.element = element;
    }

    @StartBundle
    public void start() {
        batches = new HashMap<>();
        bytes = 0;
    }

    @ProcessElement
    public void process(
            @Element KV<KeyT, T> keyed, @Timestamp Instant time, OutputReceiver<KV<Integer, byte[]>> receiver)
            throws IOException {
        KeyBytes keyBytes = new KeyBytes(CoderUtils.encodeToByteArray(key, keyed.getKey()));
        int shard = keyBytes.shard(shards);
        Batch batch = batches.computeIfAbsent(shard, none -> new Batch(side));
        int before = batch.size();
        batch.add(keyBytes, time.getMillis(), keyed.getValue(), element);
        bytes += batch.size() - before;
        if (batch.size() >= FULL_BYTES) {
            batches.remove(shard);
            bytes -= batch.size();
            leave(shard, batch, receiver);
        } else if (bytes >= ALL_BYTES) {
            batches.forEach((of, full) -> leave(of, full, receiver));
            start();
        }
    }

    private static void leave(int shard, Batch batch, OutputReceiver<KV<Integer, byte[]>> receiver) {
        receiver.outputWithTimestamp(KV.of(shard, batch.bytes()), Instant.ofEpochMilli(batch.earliest()));
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
        batches.forEach((shard, batch) -> context.output(
                KV.of(shard, batch.bytes()), Instant.ofEpochMilli(batch.earliest()), GlobalWindow.INSTANCE));
    }

    /** A batch has the time of its earliest element. */
    @Override
    @Deprecated
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }
}
