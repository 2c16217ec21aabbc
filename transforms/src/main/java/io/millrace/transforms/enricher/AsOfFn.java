package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import org.apache.beam.sdk.coders.Coder;
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

/**
 * Carries {@link AsOfKey} to state and timers. A timer of an element that waits holds the watermark behind it.
 *
 * <p>There is no {@code @OnWindowExpiration}: with one, Flink keeps a timer at the end of time for every key that ever came. The timers of
 * elements that wait are of event time, and fire at the last watermark by themselves.
 */
final class AsOfFn<InputT, KeyT, ValueT> extends DoFn<KV<KeyT, Arrival<InputT, ValueT>>, Settled<InputT, ValueT>> {
    private static final long serialVersionUID = 1;

    private final Lateness lateness;
    private final AsOfMetrics metrics;

    @StateId("book")
    private final StateSpec<ValueState<Book>> bookSpec = StateSpecs.value(Book.CODER);

    @StateId("first")
    private final StateSpec<ValueState<Version<ValueT>>> firstSpec;

    @StateId("later")
    private final StateSpec<MapState<Moment, Change<ValueT>>> laterSpec;

    @StateId("order")
    private final StateSpec<ValueState<Moments>> orderSpec = StateSpecs.value(Moments.CODER);

    @StateId("slots")
    private final StateSpec<MapState<Moment, Slot>> slotsSpec = StateSpecs.map(Moment.CODER, Slot.CODER);

    @StateId("waiting")
    private final StateSpec<MapState<Moment, Early<InputT>>> waitingSpec;

    @TimerId("leaveAt")
    private final TimerSpec leaveSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    @TimerId("forgetAt")
    private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    AsOfFn(Lateness lateness, Coder<InputT> input, ChangeCoder<ValueT> change, AsOfMetrics metrics) {
        this.lateness = lateness;
        this.metrics = metrics;
        this.firstSpec = StateSpecs.value(Version.coder(change.value()));
        this.laterSpec = StateSpecs.map(Moment.CODER, change);
        this.waitingSpec = StateSpecs.map(Moment.CODER, Early.coder(input));
    }

    @ProcessElement
    public void process(
            @Element KV<KeyT, Arrival<InputT, ValueT>> element,
            @Timestamp Instant time,
            @StateId("book") ValueState<Book> book,
            @StateId("first") ValueState<Version<ValueT>> first,
            @StateId("later") MapState<Moment, Change<ValueT>> later,
            @StateId("order") ValueState<Moments> order,
            @StateId("slots") MapState<Moment, Slot> slots,
            @StateId("waiting") MapState<Moment, Early<InputT>> waiting,
            @TimerId("leaveAt") Timer leave,
            @TimerId("forgetAt") Timer forget,
            OutputReceiver<Settled<InputT, ValueT>> receiver) {
        AsOfKey<InputT, ValueT> key = new AsOfKey<>(lateness, metrics, book, first, later, order, slots, waiting);
        Change<ValueT> change = element.getValue().change();
        long watermark = leave.getCurrentRelativeTime().getMillis();
        if (change == null) {
            InputT input = requireNonNull(element.getValue().input());
            key.element(input, time.getMillis(), watermark, leave, receiver);
        } else {
            key.change(change, time.getMillis(), watermark, forget);
        }
    }

    @OnTimer("leaveAt")
    public void onLeave(
            @StateId("book") ValueState<Book> book,
            @StateId("first") ValueState<Version<ValueT>> first,
            @StateId("later") MapState<Moment, Change<ValueT>> later,
            @StateId("order") ValueState<Moments> order,
            @StateId("slots") MapState<Moment, Slot> slots,
            @StateId("waiting") MapState<Moment, Early<InputT>> waiting,
            @TimerId("leaveAt") Timer leave,
            @TimerId("forgetAt") Timer forget,
            OutputReceiver<Settled<InputT, ValueT>> receiver) {
        new AsOfKey<>(lateness, metrics, book, first, later, order, slots, waiting)
                .leave(leave.getCurrentRelativeTime().getMillis(), leave, forget, receiver);
    }

    @OnTimer("forgetAt")
    public void onForget(
            @StateId("book") ValueState<Book> book,
            @StateId("first") ValueState<Version<ValueT>> first,
            @StateId("later") MapState<Moment, Change<ValueT>> later,
            @StateId("order") ValueState<Moments> order,
            @StateId("slots") MapState<Moment, Slot> slots,
            @StateId("waiting") MapState<Moment, Early<InputT>> waiting,
            @TimerId("forgetAt") Timer forget) {
        new AsOfKey<>(lateness, metrics, book, first, later, order, slots, waiting)
                .forget(forget.getCurrentRelativeTime().getMillis(), forget);
    }

    /** An element that waited leaves at its own time, which is behind that of a timer without one. */
    @Override
    @Deprecated
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }
}
