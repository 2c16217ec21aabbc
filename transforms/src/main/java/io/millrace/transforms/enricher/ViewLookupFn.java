package io.millrace.transforms.enricher;

import io.millrace.transforms.enricher.Enriched.From;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;

/** Looks keys of elements up in a view. */
final class ViewLookupFn<InputT, KeyT, ValueT> extends DoFn<InputT, Enriched<InputT, ValueT>> {
    private static final long serialVersionUID = 1;

    private final SerializableFunction<InputT, @Nullable KeyT> key;
    private final PCollectionView<Map<KeyT, ValueT>> view;
    private final Clock clock;
    private final Results<InputT, ValueT> results;

    ViewLookupFn(
            SerializableFunction<InputT, @Nullable KeyT> key,
            PCollectionView<Map<KeyT, ValueT>> view,
            Clock clock,
            Results<InputT, ValueT> results) {
        this.key = key;
        this.view = view;
        this.clock = clock;
        this.results = results;
    }

    @ProcessElement
    public void process(@Element InputT input, PaneInfo pane, ProcessContext context, MultiOutputReceiver out) {
        KeyT of = results.key(key, input, pane, out);
        if (of != null) {
            ValueT value = context.sideInput(view).get(of);
            results.leave(new Enriched<>(input, value, clock.instant(), Duration.ZERO, From.TABLE), pane, out);
        }
    }
}
