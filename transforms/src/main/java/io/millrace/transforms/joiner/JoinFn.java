package io.millrace.transforms.joiner;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.Iterables;
import io.millrace.transforms.joiner.Refused.Reason;
import io.millrace.transforms.joiner.Trace.Step;
import io.millrace.transforms.shard.KeyBytes;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Carries {@link JoinKey} to state and a timer, for the keys of a shard. The timer holds the watermark at the time of the earliest right element that
 * waits.
 *
 * <p>There is no {@code @OnWindowExpiration}: with one, Flink keeps a timer at the end of time for every shard. The timer is of event time, and
 * fires at the last watermark by itself.
 */
final class JoinFn<KeyT, LeftT, RightT, LeftOutT, RightOutT>
        extends DoFn<KV<Integer, byte[]>, KV<KeyT, Joined<LeftOutT, RightOutT>>> {
    private static final long serialVersionUID = 1;
    private static final int PAGES_IN_MEMORY = 1_000;
    private static final String NO_TIME =
            "the element has no event time, but the first or the last moment that there is";

    private final Rules<LeftOutT, RightOutT> rules;
    private final Input<LeftT, LeftOutT> left;
    private final Input<RightT, RightOutT> right;
    private final Outlets<KeyT, LeftT, RightT, LeftOutT, RightOutT> outlets;

    @StateId("pages")
    private final StateSpec<MapState<KeyBytes, byte[]>> pagesSpec = StateSpecs.map(KeyBytes.CODER, ByteArrayCoder.of());

    @StateId("earlier")
    private final StateSpec<MapState<PageNumber, Entries>> earlierSpec =
            StateSpecs.map(PageNumber.CODER, Entries.CODER);

    @StateId("calendar")
    private final StateSpec<ValueState<Calendar>> calendarSpec = StateSpecs.value(Calendar.CODER);

    @StateId("dues")
    private final StateSpec<MapState<SlotPage, Dues>> duesSpec = StateSpecs.map(SlotPage.CODER, Dues.CODER);

    @TimerId("due")
    private final TimerSpec dueSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private transient @Nullable JoinKey<LeftOutT, RightOutT> join;

    JoinFn(
            Rules<LeftOutT, RightOutT> rules,
            Input<LeftT, LeftOutT> left,
            Input<RightT, RightOutT> right,
            Outlets<KeyT, LeftT, RightT, LeftOutT, RightOutT> outlets) {
        this.rules = rules;
        this.left = left;
        this.right = right;
        this.outlets = outlets;
    }

    @ProcessElement
    public void process(
            @Element KV<Integer, byte[]> batch,
            @StateId("pages") MapState<KeyBytes, byte[]> pages,
            @StateId("earlier") MapState<PageNumber, Entries> earlier,
            @StateId("calendar") ValueState<Calendar> calendar,
            @StateId("dues") MapState<SlotPage, Dues> dues,
            @TimerId("due") Timer timer,
            MultiOutputReceiver out)
            throws IOException {
        Shelf shelf = new Shelf(pages, earlier);
        long watermark = timer.getCurrentRelativeTime().getMillis();
        Agenda agenda = new Agenda(calendar, dues, timer, watermark);
        Batch.read(
                batch.getValue(),
                left.coder(),
                right.coder(),
                item -> take(item, new JoinKey.KeyState(item.key(), shelf, agenda, watermark), out));
        shelf.close();
        agenda.close();
    }

    private void take(Batch.Item<LeftT, RightT> item, JoinKey.KeyState kept, MultiOutputReceiver out) {
        Leaving<KeyT, LeftT, RightT, LeftOutT, RightOutT> leaving =
                new Leaving<>(outlets, item.key(), kept.watermark(), out);
        if (item.time() <= Bounds.EARLIEST || item.time() >= Bounds.LATEST) {
            refuse(item, Reason.NO_TIME, NO_TIME, leaving);
            return;
        }
        Entry entry = entry(item);
        Reason refused = join().take(entry, kept, leaving);
        if (refused != null) {
            refuse(item, refused, message(refused, item.time(), kept.watermark()), leaving);
        } else if (leaving.isTraced()) {
            leaving.trace(Step.TAKEN, item.side(), item.time(), identity(item), entry.content().length);
        }
    }

    private Entry entry(Batch.Item<LeftT, RightT> item) {
        return item.left() == null
                ? right.entry(requireNonNull(item.right()), item.time())
                : left.entry(item.left(), item.time());
    }

    private String message(Reason reason, long time, long watermark) {
        Rules.Limits limits = rules.limits();
        if (reason == Reason.OVER_LIMIT) {
            return "of a key at most %,d elements and %,d bytes may be kept"
                    .formatted(limits.entries(), limits.bytes());
        }
        return time < rules.bounds().horizon(watermark)
                ? "the watermark, %s, had passed its time, %s, by more than the allowed lateness of %s"
                        .formatted(
                                Instant.ofEpochMilli(watermark),
                                Instant.ofEpochMilli(time),
                                java.time.Duration.ofMillis(rules.bounds().allowedLateness()))
                : "its key was settled for its time, %s, before the job was restarted"
                        .formatted(Instant.ofEpochMilli(time));
    }

    private void refuse(
            Batch.Item<LeftT, RightT> item, Reason reason, String message, Leaving<?, LeftT, RightT, ?, ?> leaving) {
        Refused<LeftT, RightT> refused = new Refused<>(item.left(), item.right(), reason, message);
        leaving.refused(refused, item.time());
        if (leaving.isTraced()) {
            leaving.trace(Step.of(reason), item.side(), item.time(), identity(item), 0);
        }
    }

    private String identity(Batch.Item<LeftT, RightT> item) {
        return item.left() == null ? right.identity(requireNonNull(item.right())) : left.identity(item.left());
    }

    @OnTimer("due")
    public void onDue(
            @StateId("pages") MapState<KeyBytes, byte[]> pages,
            @StateId("earlier") MapState<PageNumber, Entries> earlier,
            @StateId("calendar") ValueState<Calendar> calendar,
            @StateId("dues") MapState<SlotPage, Dues> dues,
            @TimerId("due") Timer timer,
            MultiOutputReceiver out) {
        long watermark = timer.getCurrentRelativeTime().getMillis();
        Agenda agenda = new Agenda(calendar, dues, timer, watermark);
        for (List<KeyBytes> some : Iterables.partition(agenda.due(), PAGES_IN_MEMORY)) {
            Shelf shelf = new Shelf(pages, earlier);
            for (KeyBytes due : some) {
                join().lookThrough(
                                new JoinKey.KeyState(due, shelf, agenda, watermark),
                                new Leaving<>(outlets, due, watermark, out));
            }
            shelf.close();
        }
        agenda.close();
    }

    private JoinKey<LeftOutT, RightOutT> join() {
        if (join == null) {
            join = new JoinKey<>(rules, new Pairing<>(rules, left.reduced(), right.reduced()), Page.FULL_BYTES);
        }
        return join;
    }

    /** A result leaves at the time of its right element, which is behind that of what completes it. */
    @Override
    @Deprecated
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }
}
