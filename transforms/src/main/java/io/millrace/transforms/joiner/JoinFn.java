package io.millrace.transforms.joiner;

import io.millrace.transforms.joiner.Unjoined.Reason;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.join.RawUnionValue;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Carries {@link JoinKey} to state and timers. The timer of a right element that waits holds the watermark behind it.
 *
 * <p>There is no {@code @OnWindowExpiration}: with one, Flink keeps a timer at the end of time for every key that ever came. The timers are
 * of event time, and fire at the last watermark by themselves.
 */
final class JoinFn<KeyT, LeftT, RightT, LeftOutT, RightOutT>
        extends DoFn<KV<KeyT, RawUnionValue>, KV<KeyT, Joined<LeftOutT, RightOutT>>> {
    private static final long serialVersionUID = 1;
    private static final String NO_TIME =
            "the element has no event time, but the first or the last moment that there is";

    private final Rules<LeftOutT, RightOutT> rules;
    private final Input<LeftT, LeftOutT> left;
    private final Input<RightT, RightOutT> right;
    private final JoinTags<KeyT, LeftT, RightT, LeftOutT, RightOutT> tags;
    private final JoinMetrics metrics;

    @StateId("page")
    private final StateSpec<ValueState<Page>> pageSpec = StateSpecs.value(Page.CODER);

    @StateId("earlier")
    private final StateSpec<BagState<Entries>> earlierSpec = StateSpecs.bag(Entries.CODER);

    @TimerId("leaveAt")
    private final TimerSpec leaveSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    @TimerId("forgetAt")
    private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private transient @Nullable JoinKey<LeftOutT, RightOutT> join;

    JoinFn(
            Rules<LeftOutT, RightOutT> rules,
            Input<LeftT, LeftOutT> left,
            Input<RightT, RightOutT> right,
            JoinTags<KeyT, LeftT, RightT, LeftOutT, RightOutT> tags,
            JoinMetrics metrics) {
        this.rules = rules;
        this.left = left;
        this.right = right;
        this.tags = tags;
        this.metrics = metrics;
    }

    @ProcessElement
    public void process(
            @Element KV<KeyT, RawUnionValue> element,
            @Timestamp Instant timestamp,
            @StateId("page") ValueState<Page> page,
            @StateId("earlier") BagState<Entries> earlier,
            @TimerId("leaveAt") Timer leave,
            @TimerId("forgetAt") Timer forget,
            MultiOutputReceiver out) {
        RawUnionValue value = element.getValue();
        long time = timestamp.getMillis();
        if (time <= BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis() || time >= Bounds.LATEST) {
            refuse(element, Reason.NO_TIME, NO_TIME, timestamp, out);
            return;
        }
        JoinKey.Kept kept = kept(page, earlier, leave, forget);
        Reason refused = join().take(entry(value, time), kept, new Leaving(element.getKey(), out));
        if (refused != null) {
            refuse(element, refused, message(refused, time, kept.watermark()), timestamp, out);
        }
    }

    private static JoinKey.Kept kept(ValueState<Page> page, BagState<Entries> earlier, Timer leave, Timer forget) {
        return new JoinKey.Kept(
                page, earlier, leave, forget, leave.getCurrentRelativeTime().getMillis());
    }

    @SuppressWarnings("unchecked") // the tag says which it is
    private Entry entry(RawUnionValue value, long time) {
        return isLeft(value)
                ? left.entry((LeftT) value.getValue(), time)
                : right.entry((RightT) value.getValue(), time);
    }

    private static boolean isLeft(RawUnionValue value) {
        return value.getUnionTag() == Side.LEFT.ordinal();
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

    @SuppressWarnings("unchecked") // the tag says which it is
    private void refuse(
            KV<KeyT, RawUnionValue> element, Reason reason, String message, Instant time, MultiOutputReceiver out) {
        RawUnionValue value = element.getValue();
        Unjoined<LeftT, RightT> unjoined = isLeft(value)
                ? new Unjoined<>((LeftT) value.getValue(), null, reason, message)
                : new Unjoined<>(null, (RightT) value.getValue(), reason, message);
        metrics.countRefused(reason);
        out.get(tags.deadLetters()).outputWithTimestamp(KV.of(element.getKey(), unjoined), time);
    }

    @OnTimer("leaveAt")
    public void onLeave(
            @Key KeyT key,
            @StateId("page") ValueState<Page> page,
            @StateId("earlier") BagState<Entries> earlier,
            @TimerId("leaveAt") Timer leave,
            @TimerId("forgetAt") Timer forget,
            MultiOutputReceiver out) {
        join().leave(kept(page, earlier, leave, forget), new Leaving(key, out));
    }

    @OnTimer("forgetAt")
    public void onForget(
            @Key KeyT key,
            @StateId("page") ValueState<Page> page,
            @StateId("earlier") BagState<Entries> earlier,
            @TimerId("leaveAt") Timer leave,
            @TimerId("forgetAt") Timer forget,
            MultiOutputReceiver out) {
        join().forget(kept(page, earlier, leave, forget), new Leaving(key, out));
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

    /** What leaves, with its key. */
    private final class Leaving implements Pairing.Outcome<LeftOutT, RightOutT> {
        private final KeyT key;
        private final MultiOutputReceiver out;

        Leaving(KeyT key, MultiOutputReceiver out) {
            this.key = key;
            this.out = out;
        }

        @Override
        public void joined(Joined<LeftOutT, RightOutT> joined, long time) {
            if (joined.isCorrection()) {
                metrics.countCorrection();
            }
            out.get(tags.joined()).outputWithTimestamp(KV.of(key, joined), Instant.ofEpochMilli(time));
        }

        @Override
        public void unmatchedLeft(LeftOutT value, long time, long passedAt) {
            TimestampedValue<LeftOutT> timed = TimestampedValue.of(value, Instant.ofEpochMilli(time));
            out.get(tags.unmatchedLeft()).outputWithTimestamp(KV.of(key, timed), Instant.ofEpochMilli(passedAt));
        }

        @Override
        public void unmatchedRight(RightOutT value, long time) {
            out.get(tags.unmatchedRight()).outputWithTimestamp(KV.of(key, value), Instant.ofEpochMilli(time));
        }

        @Override
        public void duplicate(Side side) {
            metrics.countDuplicate();
        }
    }
}
