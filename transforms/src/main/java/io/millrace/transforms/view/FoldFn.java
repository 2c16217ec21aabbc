package io.millrace.transforms.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.shard.Batches;
import io.millrace.transforms.shard.KeyBytes;
import io.millrace.transforms.shard.Shards;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Folds events into changes, put together by the shards of their keys. */
final class FoldFn<EventT, ItemT> extends DoFn<EventT, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1;

    private final Fold<EventT, ItemT> fold;
    private final Coder<EventT> event;
    private final Coder<ItemT> item;
    private final ViewTags<EventT, ItemT> tags;
    private final ViewMetrics metrics;
    private transient Batches batches = ShardMessage.changes();

    FoldFn(
            Fold<EventT, ItemT> fold,
            Coder<EventT> event,
            Coder<ItemT> item,
            ViewTags<EventT, ItemT> tags,
            ViewMetrics metrics) {
        this.fold = fold;
        this.event = event;
        this.item = item;
        this.tags = tags;
        this.metrics = metrics;
    }

    @StartBundle
    public void start() {
        batches = ShardMessage.changes();
    }

    @ProcessElement
    public void process(@Element EventT element, @Timestamp Instant time, MultiOutputReceiver out) throws IOException {
        List<Folded<ItemT>> changes;
        try {
            changes = Folded.by(fold, element, time.getMillis());
        } catch (UnfoldableException e) {
            metrics.countUnfoldable();
            out.get(tags.refused()).output(new Refused<>(element, e.reason(), String.valueOf(e.getMessage())));
            return;
        }
        if (changes.isEmpty()) {
            return;
        }
        byte[] encoded = CoderUtils.encodeToByteArray(event, element);
        for (Folded<ItemT> change : changes) {
            add(change, encoded, time, out.get(tags.messages()));
        }
    }

    private void add(Folded<ItemT> change, byte[] encoded, Instant time, OutputReceiver<KV<Integer, byte[]>> receiver)
            throws IOException {
        KeyBytes key = change.keyBytes();
        byte[] value = change.value() == null ? null : CoderUtils.encodeToByteArray(item, change.value());
        batches.add(
                key.shard(Shards.COUNT),
                time,
                out -> ShardMessage.write(key, change.item().getBytes(UTF_8), change.version(), value, encoded, out),
                (shard, batch, earliest) -> receiver.outputWithTimestamp(KV.of(shard, batch), earliest));
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
        batches.leaveAll((shard, batch, earliest) ->
                context.output(tags.messages(), KV.of(shard, batch), earliest, GlobalWindow.INSTANCE));
    }

    /** A batch has the time of its earliest element. */
    @Override
    @Deprecated
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }
}
