package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.SharedInProcess;
import io.millrace.transforms.event.SystemClock;
import io.millrace.transforms.rate.TaskShare;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Has keys of elements looked up while more elements come, and awaits all of them before a bundle ends: so nothing is on its way when a
 * checkpoint is made.
 */
final class AsyncLookupFn<InputT, KeyT, ValueT> extends DoFn<InputT, Settled<InputT, ValueT>> {
    private static final long serialVersionUID = 1;
    private static final SharedInProcess<String, Lookups<?, ?>> SHARED = new SharedInProcess<>();

    private final SerializableFunction<InputT, @Nullable KeyT> key;
    private final LookupSettings<KeyT, ValueT> settings;
    private final LookupMetrics metrics;

    private transient double share;
    private transient @Nullable Lookups<KeyT, ValueT> lookups;
    private transient @Nullable LookupTask<InputT, KeyT, ValueT> task;

    AsyncLookupFn(
            SerializableFunction<InputT, @Nullable KeyT> key,
            LookupSettings<KeyT, ValueT> settings,
            LookupMetrics metrics) {
        this.key = key;
        this.settings = settings;
        this.metrics = metrics;
    }

    @Setup
    @SuppressWarnings("unchecked") // one step has one kind of key and of value
    public void setUp(PipelineOptions options) {
        share = Double.isInfinite(settings.callsPerSecond()) ? 0 : TaskShare.of(options);
        Lookups<KeyT, ValueT> joined = (Lookups<KeyT, ValueT>)
                SHARED.open(settings.id(), () -> new Lookups<>(settings, SystemClock.utc(), System::nanoTime));
        joined.permits().addShare(share);
        lookups = joined;
        task = new LookupTask<>(
                key, joined, settings.maxInFlight(), settings.inOrder(), SystemClock.utc(), Rest.ofThisThread());
    }

    @StartBundle
    public void startBundle() {
        task().begin();
    }

    @ProcessElement
    public void process(
            @Element InputT input,
            @Timestamp Instant time,
            BoundedWindow window,
            PaneInfo pane,
            OutputReceiver<Settled<InputT, ValueT>> receiver)
            throws InterruptedException {
        task().offer(
                        input,
                        time,
                        window,
                        pane,
                        (settled, at, in) -> receiver.builder(settled)
                                .setTimestamp(at)
                                .setWindow(in)
                                .output());
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) throws InterruptedException {
        task().finish(context::output);
        metrics.report(task().counts());
    }

    @Teardown
    public void close() {
        if (lookups != null) {
            task().begin();
            lookups.permits().addShare(-share);
            lookups = null;
            SHARED.close(settings.id(), Lookups::close);
        }
    }

    private LookupTask<InputT, KeyT, ValueT> task() {
        return requireNonNull(task);
    }

    /** Of a bundle, later elements may leave before earlier ones. */
    @Override
    @Deprecated
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }
}
