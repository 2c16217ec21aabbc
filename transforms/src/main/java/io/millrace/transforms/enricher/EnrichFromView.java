package io.millrace.transforms.enricher;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.SystemClock;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;

/**
 * Elements with what a small table has of their keys that the pipeline itself computes; and as dead letters those that have no key.
 *
 * <p><i>Shape</i>: {@code PCollection<InputT>} to an {@link Enrichment}, with a view of a map: {@code View.asSingleton()} of one map, or of
 * maps, each of which takes the place of the one before. Then the view is in the global window, with a trigger that fires again and
 * again for single elements, discards what it fired, and fires nothing that is empty ({@code FIRE_IF_NON_EMPTY}): else at the end of the
 * input an empty pane takes the place of the last table.
 *
 * <p><i>Time</i>: timestamps, windows and panes pass on. Elements wait for the first table, which has to come: a view of a window
 * in which there is nothing never does. A runner does not say since when it has a table, so {@link Enriched#obtainedAt} is when the
 * element was looked up, and its age zero.
 *
 * <p><i>State</i>: the runner's. On Flink each task keeps a copy on its heap and in its checkpoints, each new table goes through the whole job
 * and ends bundles, what waits for the first table waits on the heap, and the step is chained to no other: this is for thousands of rows,
 * not for millions, and for a change every few minutes, not every second. What else is to be held, {@link EnrichFromTable} holds. {@code
 * View.asMap()} works too, but on Flink it makes its map of all rows anew for each element; a singleton is found as it was put.
 *
 * <p><i>Guarantee</i>: each element sees one table, whole. Which one it sees of several is not the same again in another run.
 *
 * <p><i>Fails</i>: as {@link EnrichFromTable}.
 *
 * <pre>{@code
 * PCollectionView<Map<String, Double>> rates = mapsOfCurrencies.apply(View.asSingleton());
 * Enrichment<Sale, Double> enriched = sales.apply(EnrichFromView.of(Sale::currency, rates, DoubleCoder.of()));
 * }</pre>
 */
public final class EnrichFromView<InputT, KeyT, ValueT>
        extends PTransform<PCollection<InputT>, Enrichment<InputT, ValueT>> {
    private static final long serialVersionUID = 1;

    private static final String NAME = "millrace.enrich";

    private final SerializableFunction<InputT, @Nullable KeyT> key;
    private final PCollectionView<Map<KeyT, ValueT>> view;
    private final Coder<ValueT> valueCoder;
    private final Misses<ValueT> misses;
    private final String namespace;

    private EnrichFromView(
            SerializableFunction<InputT, @Nullable KeyT> key,
            PCollectionView<Map<KeyT, ValueT>> view,
            Coder<ValueT> valueCoder,
            Misses<ValueT> misses,
            String namespace) {
        this.key = key;
        this.view = view;
        this.valueCoder = valueCoder;
        this.misses = misses;
        this.namespace = namespace;
    }

    /**
     * Looks into a view.
     *
     * @param key what is looked up for an element
     * @param view the table
     * @param valueCoder encodes its values
     */
    public static <InputT, KeyT, ValueT> EnrichFromView<InputT, KeyT, ValueT> of(
            SerializableFunction<InputT, @Nullable KeyT> key,
            PCollectionView<Map<KeyT, ValueT>> view,
            Coder<ValueT> valueCoder) {
        return new EnrichFromView<>(key, view, valueCoder, new Misses<>(OnMiss.PASS, null), NAME);
    }

    /** The same, but for elements of whose key there is nothing; without it they pass on with no value. */
    public EnrichFromView<InputT, KeyT, ValueT> onMiss(OnMiss action) {
        return new EnrichFromView<>(key, view, valueCoder, Misses.of(action), namespace);
    }

    /** The same, with a value for elements of whose key there is nothing. */
    public EnrichFromView<InputT, KeyT, ValueT> onMissDefault(ValueT value) {
        return new EnrichFromView<>(key, view, valueCoder, new Misses<>(OnMiss.DEFAULT, value), namespace);
    }

    /** The same, with metrics of this namespace. */
    public EnrichFromView<InputT, KeyT, ValueT> named(String namespace) {
        checkArgument(!namespace.isEmpty(), "namespace must not be empty");
        return new EnrichFromView<>(key, view, valueCoder, misses, namespace);
    }

    @Override
    public Enrichment<InputT, ValueT> expand(PCollection<InputT> elements) {
        Outlets<InputT, ValueT> outlets = Outlets.of(elements, valueCoder);
        Results<InputT, ValueT> results = outlets.results(misses, new LookupMetrics(namespace));
        return outlets.leaving(elements.apply(
                "LookUp",
                outlets.tagged(ParDo.of(new ViewLookupFn<>(key, view, SystemClock.utc(), results))
                        .withSideInputs(view))));
    }
}
