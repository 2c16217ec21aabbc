package io.millrace.transforms.rate;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.SharedInProcess;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;

/** Holds each element until it may go. */
final class LimitFn<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1;
    private static final SharedInProcess<String, Permits> SHARED = new SharedInProcess<>();

    private final double perSecond;
    private final String step;
    private transient double share;
    private transient @Nullable Permits permits;

    LimitFn(double perSecond, String step) {
        this.perSecond = perSecond;
        this.step = step;
    }

    @Setup
    public void setUp(PipelineOptions options) {
        share = TaskShare.of(options);
        permits = SHARED.open(step, () -> new Permits(perSecond, Permits.MADE_UP_FOR, System::nanoTime));
        permits.addShare(share);
    }

    @ProcessElement
    public void process(@Element T element, OutputReceiver<T> out) throws InterruptedException {
        requireNonNull(permits).acquire();
        out.output(element);
    }

    @Teardown
    public void close() {
        if (permits != null) {
            permits.addShare(-share);
            permits = null;
            SHARED.close(step, ended -> {});
        }
    }
}
