package io.millrace.transforms.joiner;

import io.millrace.transforms.shard.Batches;
import io.millrace.transforms.shard.KeyBytes;
import io.millrace.transforms.shard.Shards;
import java.io.IOException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Puts the elements of a bundle together by the shards of their keys. */
final class BatchFn<KeyT, T> extends DoFn<KV<KeyT, T>, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1;

    private final Side side;
    private final Coder<KeyT> key;
    private final Coder<T> element;
    private transient Batches batches = new Batches();

    BatchFn(Side side, Coder<KeyT> key, Coder<T> element) {
        this.side = side;
        this.key = key;
        this.element = element;
    }

    @StartBundle
    public void start() {
        batches = Batch.begin(side);
    }

    @ProcessElement
    public void process(
            @Element KV<KeyT, T> keyed, @Timestamp Instant time, OutputReceiver<KV<Integer, byte[]>> receiver)
            throws IOException {
        KeyBytes keyBytes = new KeyBytes(CoderUtils.encodeToByteArray(key, keyed.getKey()));
        batches.add(
                keyBytes.shard(Shards.COUNT),
                time,
                out -> Batch.write(keyBytes, time.getMillis(), keyed.getValue(), element, out),
                (shard, batch, earliest) -> receiver.outputWithTimestamp(KV.of(shard, batch), earliest));
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
        batches.leaveAll(
                (shard, batch, earliest) -> context.output(KV.of(shard, batch), earliest, GlobalWindow.INSTANCE));
    }

    /** A batch has the time of its earliest element. */
    @Override
    @Deprecated
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }
}
