package io.millrace.transforms.enricher;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.GlobalWindowing;
import java.time.Duration;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Elements with the value that their key had, by a changelog, at their own time; and as dead letters those for which that is not known.
 *
 * <p><i>Shape</i>: {@code PCollection<InputT>} and {@code PCollection<KV<KeyT, Change<ValueT>>>}, bounded or not, to an {@link
 * Enrichment}. Windows of either do not count: what comes out is in the global window.
 *
 * <p><i>Time</i>: event time alone. A change holds from its element's timestamp on, also for elements of that very time; one without a
 * timestamp, since ever. An element waits until the watermark of both inputs has passed its time and leaves with its own timestamp,
 * which holds the watermark until then; so a changelog that stands still must have a watermark that goes on.
 *
 * <p><i>State</i>: for each key the elements that wait, and the versions that elements may still need: those since the watermark less
 * {@link #withAllowedLateness}, and the one in force then. The last version stays, since it is the table, unless {@link #withTimeToLive}
 * ends it; of a deleted key nothing stays.
 *
 * <p><i>Guarantee</i>: each element has the value as of its time or is a dead letter, whatever the order in which elements and changes
 * come, as long as none comes behind the watermark. Elements of a key leave in the order of their times, and those of one time as they
 * came; between keys there is no order. A change behind the watermark counts for elements that come after it; it never takes the
 * place of a newer one, unless that was a deletion that is forgotten already.
 *
 * <p><i>Fails</i>: an element is a dead letter whose key function throws {@link KeyFailedException} or gives null, which has no
 * timestamp, or which comes later behind the watermark than is allowed; and, where {@link OnMiss} says so, one of whose key there is
 * nothing. Anything else a key function throws fails the bundle.
 *
 * <pre>{@code
 * Enrichment<Play, Plan> enriched = plays.apply(EnrichAsOf.of(Play::profileId, plans));
 * PCollection<Enriched<Play, Plan>> results = enriched.results();
 * }</pre>
 */
public final class EnrichAsOf<InputT, KeyT, ValueT>
        extends PTransform<PCollection<InputT>, Enrichment<InputT, ValueT>> {
    private static final long serialVersionUID = 1;

    private static final String NAMESPACE = "millrace.enrich";

    private final SerializableFunction<InputT, @Nullable KeyT> key;
    private final transient PCollection<KV<KeyT, Change<ValueT>>> changes;
    private final Lateness lateness;
    private final Misses<ValueT> misses;
    private final String namespace;

    private EnrichAsOf(
            SerializableFunction<InputT, @Nullable KeyT> key,
            PCollection<KV<KeyT, Change<ValueT>>> changes,
            Lateness lateness,
            Misses<ValueT> misses,
            String namespace) {
        this.key = key;
        this.changes = changes;
        this.lateness = lateness;
        this.misses = misses;
        this.namespace = namespace;
    }

    /**
     * Looks up in a changelog.
     *
     * @param key what is looked up for an element
     * @param changes the changes of keys, with a coder of {@link KvCoder} and {@link ChangeCoder}
     */
    public static <InputT, KeyT, ValueT> EnrichAsOf<InputT, KeyT, ValueT> of(
            SerializableFunction<InputT, @Nullable KeyT> key, PCollection<KV<KeyT, Change<ValueT>>> changes) {
        return new EnrichAsOf<>(
                key, changes, new Lateness(0, Lateness.FOREVER), new Misses<>(OnMiss.PASS, null), NAMESPACE);
    }

    /** The same, for elements that come so much later than the watermark at most; without it, for none that does. */
    public EnrichAsOf<InputT, KeyT, ValueT> withAllowedLateness(Duration allowedLateness) {
        checkArgument(!allowedLateness.isNegative(), "allowedLateness must be at least 0, but was %s", allowedLateness);
        return new EnrichAsOf<>(
                key, changes, new Lateness(allowedLateness.toMillis(), lateness.timeToLive()), misses, namespace);
    }

    /** The same, with values that no longer hold when they were not renewed for so long, in event time. */
    public EnrichAsOf<InputT, KeyT, ValueT> withTimeToLive(Duration timeToLive) {
        checkArgument(timeToLive.toMillis() >= 1, "timeToLive must be at least a millisecond, but was %s", timeToLive);
        return new EnrichAsOf<>(
                key, changes, new Lateness(lateness.allowed(), timeToLive.toMillis()), misses, namespace);
    }

    /** The same, but for elements of whose key there is nothing; without it they pass on with no value. */
    public EnrichAsOf<InputT, KeyT, ValueT> onMiss(OnMiss action) {
        return new EnrichAsOf<>(key, changes, lateness, Misses.of(action), namespace);
    }

    /** The same, with a value for elements of whose key there is nothing. */
    public EnrichAsOf<InputT, KeyT, ValueT> onMissDefault(ValueT value) {
        return new EnrichAsOf<>(key, changes, lateness, new Misses<>(OnMiss.DEFAULT, value), namespace);
    }

    /** The same, with metrics of this namespace. */
    public EnrichAsOf<InputT, KeyT, ValueT> named(String namespace) {
        checkArgument(!namespace.isEmpty(), "namespace must not be empty");
        return new EnrichAsOf<>(key, changes, lateness, misses, namespace);
    }

    @Override
    public Enrichment<InputT, ValueT> expand(PCollection<InputT> elements) {
        TupleTag<KV<KeyT, Arrival<InputT, ValueT>>> keyed = new TupleTag<>("keyed");
        TupleTag<Enriched<InputT, ValueT>> results = new TupleTag<>("results");
        TupleTag<Unenriched<InputT>> deadLetters = new TupleTag<>("deadLetters");
        Coder<InputT> input = elements.getCoder();
        KvCoder<KeyT, Change<ValueT>> ofChanges = ofChanges();
        ChangeCoder<ValueT> change = (ChangeCoder<ValueT>) ofChanges.getValueCoder();
        Coder<KV<KeyT, Arrival<InputT, ValueT>>> arrival =
                KvCoder.of(ofChanges.getKeyCoder(), new ArrivalCoder<>(input, change));
        Coder<Enriched<InputT, ValueT>> enriched = EnrichedCoder.ofNullable(input, change.value());
        Coder<Unenriched<InputT>> failed = UnenrichedCoder.of(input);
        LookupMetrics metrics = new LookupMetrics(namespace);

        PCollectionTuple elementsOfKeys = elements.apply("Elements", GlobalWindowing.of())
                .apply(
                        "KeyElements",
                        ParDo.of(new KeyElementsFn<>(key, keyed, deadLetters))
                                .withOutputTags(keyed, TupleTagList.of(deadLetters)));
        PCollection<KV<KeyT, Arrival<InputT, ValueT>>> changesOfKeys = changes.apply("Changes", GlobalWindowing.of())
                .apply("KeyChanges", ParDo.of(new ChangesFn<InputT, KeyT, ValueT>()))
                .setCoder(arrival);
        PCollectionTuple outputs = PCollectionList.of(elementsOfKeys.get(keyed).setCoder(arrival))
                .and(changesOfKeys)
                .apply("Arrivals", Flatten.pCollections())
                .apply(
                        "LookUp",
                        ParDo.of(new AsOfFn<InputT, KeyT, ValueT>(lateness, input, change, new AsOfMetrics(namespace))))
                .setCoder(new SettledCoder<>(enriched, failed))
                .apply(
                        "Settle",
                        ParDo.of(new SettleFn<>(new Results<>(results, deadLetters, misses, metrics)))
                                .withOutputTags(results, TupleTagList.of(deadLetters)));
        PCollection<Unenriched<InputT>> unenriched = PCollectionList.of(
                        elementsOfKeys.get(deadLetters).setCoder(failed))
                .and(outputs.get(deadLetters).setCoder(failed))
                .apply("DeadLetters", Flatten.pCollections());
        return new Enrichment<>(results, outputs.get(results).setCoder(enriched), deadLetters, unenriched);
    }

    @SuppressWarnings("unchecked") // the key coder of a PCollection of such elements is of such keys
    private KvCoder<KeyT, Change<ValueT>> ofChanges() {
        Coder<?> coder = changes.getCoder();
        checkArgument(
                coder instanceof KvCoder<?, ?> kv && kv.getValueCoder() instanceof ChangeCoder,
                "changes must have a coder of KvCoder and ChangeCoder, but have %s",
                coder);
        return (KvCoder<KeyT, Change<ValueT>>) coder;
    }

    private static final class ChangesFn<InputT, KeyT, ValueT>
            extends DoFn<KV<KeyT, Change<ValueT>>, KV<KeyT, Arrival<InputT, ValueT>>> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(
                @Element KV<KeyT, Change<ValueT>> change, OutputReceiver<KV<KeyT, Arrival<InputT, ValueT>>> out) {
            out.output(KV.of(change.getKey(), Arrival.ofChange(change.getValue())));
        }
    }
}
