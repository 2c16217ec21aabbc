package io.millrace.transforms.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.shard.KeyBytes;
import io.millrace.transforms.view.ViewUpdate.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Carries {@link ViewShard} to state and timers. The timer of the processing time tells what has changed; that of the event time does at the end of all
 * input, when the other does not fire any more.
 */
final class MaterializeFn<EventT, ItemT> extends DoFn<KV<Integer, byte[]>, KV<String, ViewUpdate<ItemT>>> {
    private static final long serialVersionUID = 1;

    /** For how long after a start what comes may have come before: the events since the last checkpoint, but in another order. */
    private static final Duration BEGINNING = Duration.standardMinutes(1);

    private static final Duration LATELY = Duration.standardSeconds(10);

    private final ViewSettings settings;
    private final Coder<EventT> event;
    private final Coder<ItemT> item;
    private final ViewTags<EventT, ItemT> tags;
    private final ViewMetrics metrics;

    @StateId("keys")
    private final StateSpec<MapState<KeyBytes, byte[]>> keysSpec = StateSpecs.map(KeyBytes.CODER, ByteArrayCoder.of());

    @StateId("changes")
    private final StateSpec<BagState<byte[]>> changesSpec = StateSpecs.bag(ByteArrayCoder.of());

    @StateId("entries")
    private final StateSpec<BagState<byte[]>> entriesSpec = StateSpecs.bag(ByteArrayCoder.of());

    @StateId("waiting")
    private final StateSpec<BagState<KeyBytes>> waitingSpec = StateSpecs.bag(KeyBytes.CODER);

    @StateId("pages")
    private final StateSpec<MapState<Long, byte[]>> pagesSpec = StateSpecs.map(VarLongCoder.of(), ByteArrayCoder.of());

    @StateId("status")
    private final StateSpec<ValueState<byte[]>> statusSpec = StateSpecs.value(ByteArrayCoder.of());

    @TimerId("due")
    private final TimerSpec dueSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    @TimerId("end")
    private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private transient @Nullable Instant beginningUntil;
    private transient @Nullable Instant changesCameAt;

    MaterializeFn(
            ViewSettings settings,
            Coder<EventT> event,
            Coder<ItemT> item,
            ViewTags<EventT, ItemT> tags,
            ViewMetrics metrics) {
        this.settings = settings;
        this.event = event;
        this.item = item;
        this.tags = tags;
        this.metrics = metrics;
    }

    @ProcessElement
    public void process(
            @Element KV<Integer, byte[]> message,
            @StateId("keys") MapState<KeyBytes, byte[]> keys,
            @StateId("changes") BagState<byte[]> changes,
            @StateId("entries") BagState<byte[]> entries,
            @StateId("waiting") BagState<KeyBytes> waiting,
            @StateId("pages") MapState<Long, byte[]> pages,
            @StateId("status") ValueState<byte[]> status,
            @TimerId("due") Timer due,
            @TimerId("end") Timer end,
            MultiOutputReceiver out)
            throws IOException {
        int number = message.getKey();
        ViewShard shard = shard(number, new ViewShard.States(keys, changes, entries, waiting, pages, status), due, out);
        if (shard.isNew()) {
            end.withNoOutputTimestamp().set(GlobalWindow.INSTANCE.maxTimestamp());
        }
        ShardMessage.read(message.getValue(), shard);
        if (ShardMessage.isOfChanges(message.getValue())) {
            changesCameAt = due.getCurrentRelativeTime();
        }
        setTimer(shard, due);
        shard.close();
    }

    @OnTimer("due")
    public void onDue(
            @Key Integer number,
            @StateId("keys") MapState<KeyBytes, byte[]> keys,
            @StateId("changes") BagState<byte[]> changes,
            @StateId("entries") BagState<byte[]> entries,
            @StateId("waiting") BagState<KeyBytes> waiting,
            @StateId("pages") MapState<Long, byte[]> pages,
            @StateId("status") ValueState<byte[]> status,
            @TimerId("due") Timer due,
            MultiOutputReceiver out) {
        ViewShard shard = shard(number, new ViewShard.States(keys, changes, entries, waiting, pages, status), due, out);
        shard.fire();
        setTimer(shard, due);
        shard.close();
    }

    @OnTimer("end")
    public void onEnd(
            @Key Integer number,
            @StateId("keys") MapState<KeyBytes, byte[]> keys,
            @StateId("changes") BagState<byte[]> changes,
            @StateId("entries") BagState<byte[]> entries,
            @StateId("waiting") BagState<KeyBytes> waiting,
            @StateId("pages") MapState<Long, byte[]> pages,
            @StateId("status") ValueState<byte[]> status,
            @TimerId("due") Timer due,
            MultiOutputReceiver out) {
        ViewShard shard = shard(number, new ViewShard.States(keys, changes, entries, waiting, pages, status), due, out);
        shard.finish();
        shard.close();
    }

    private ViewShard shard(int number, ViewShard.States states, Timer due, MultiOutputReceiver out) {
        Instant now = due.getCurrentRelativeTime();
        if (beginningUntil == null) {
            beginningUntil = now.plus(BEGINNING);
        }
        boolean changesCome = changesCameAt != null && now.isBefore(changesCameAt.plus(LATELY));
        ViewShard.Moment moment = new ViewShard.Moment(now.getMillis(), now.isBefore(beginningUntil), changesCome);
        return new ViewShard(number, settings, states, telling(number, now, out), moment);
    }

    private static void setTimer(ViewShard shard, Timer due) {
        Long in = shard.timerToSet();
        if (in != null) {
            due.withNoOutputTimestamp().offset(Duration.millis(in)).setRelative();
        }
    }

    private ViewShard.Telling telling(int number, Instant now, MultiOutputReceiver out) {
        return new ViewShard.Telling() {
            @Override
            public void tell(KeyBytes key, ViewShard.Told told, Cause cause) {
                out.get(tags.updates()).outputWithTimestamp(KV.of(text(key), update(told, cause)), now);
            }

            @Override
            public void answer(Round round, Map<KeyBytes, ViewShard.Told> told) {
                List<ViewAnswer.Told<ItemT>> keys = new ArrayList<>();
                told.forEach((key, one) ->
                        keys.add(new ViewAnswer.Told<>(text(key), update(one, Cause.CHANGE), one.isPending())));
                out.get(tags.answers())
                        .outputWithTimestamp(
                                new ViewAnswer<>(round.request(), number, round.done(), round.isOver(), keys), now);
            }

            @Override
            public void refuse(byte[] refused) {
                metrics.countOverLimit();
                String message = "of a key at most %,d items and %,d bytes may be kept"
                        .formatted(settings.limits().items(), settings.limits().bytes());
                out.get(tags.refused())
                        .outputWithTimestamp(
                                new Refused<>(decoded(event, refused), Reason.VIEW_OVER_LIMIT, message), now);
            }

            @Override
            public void outdated() {
                metrics.countOutdated();
            }
        };
    }

    private ViewUpdate<ItemT> update(ViewShard.Told told, Cause cause) {
        List<ItemT> items =
                told.items().stream().map(bytes -> decoded(item, bytes)).toList();
        return new ViewUpdate<>(told.version(), items, cause);
    }

    private static String text(KeyBytes key) {
        return new String(key.bytes(), UTF_8);
    }

    private static <T> T decoded(Coder<T> coder, byte[] bytes) {
        try {
            return CoderUtils.decodeFromByteArray(coder, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("what is kept of a key must be readable", e);
        }
    }

    /** What is told has the time at which it is told. */
    @Override
    @Deprecated
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }
}
