package io.millrace.transforms.enricher;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.SystemClock;
import java.time.Clock;
import java.time.Duration;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.beam.sdk.values.TypeDescriptors.TypeVariableExtractor;
import org.jspecify.annotations.Nullable;

/**
 * Elements with what a table has of their keys, which each process holds in memory; and as dead letters those that have no key.
 *
 * <p><i>Shape</i>: {@code PCollection<InputT>}, bounded or not, in any windows, to an {@link Enrichment}: an {@link Enriched} for each
 * element, {@link Enriched.From#TABLE}, and {@link Unenriched} ones.
 *
 * <p><i>Time</i>: timestamps, windows and panes pass on, and elements leave at once. The table is loaded beside, by a thread of the
 * process: when its first task starts and, {@link #withReloadEvery}, at the multiples of a period since 1970, so that all processes move
 * on within moments of each other. Elements wait for the first table, and the job holds its position; so a job must bear checkpoints
 * that do not come to their end in that time. {@link Enriched#obtainedAt} is when the load of a value's table began.
 *
 * <p><i>State</i>: none in the job. Each process keeps one table, and two while another is loaded; {@link PackedTable} says what one takes.
 *
 * <p><i>Guarantee</i>: a value is from a table that was loaded whole; of two elements of a task, the later one never sees an earlier table.
 * A load that fails leaves the table that is there, however old; it is said in the log, counted, and tried again. So does one of a table
 * without a row, unless its source {@link LookupTable.Source#mayBeEmpty may be empty}.
 *
 * <p><i>Fails</i>: an element is a dead letter whose key function throws {@link KeyFailedException} or gives null; and, where {@link OnMiss}
 * says so, one of whose key there is nothing. Anything else a key function throws fails the bundle.
 *
 * <p>Counted are {@code table_loads} and {@code table_loads_failed}; {@code table_rows} and {@code table_age_ms} tell of the table that is
 * used, and {@code table_checked_ms} how long ago its place was seen to have it: where it is reloaded, that grows beyond a period and the time
 * of a load only while reloads fail. All of it is told at the end of a bundle, and while elements wait for the first table none ends: then the log alone tells why.
 *
 * <pre>{@code
 * Enrichment<Play, Title> enriched = plays.apply(
 *     EnrichFromTable.of(Play::titleId, new TitlesOfFile("titles.csv")).withReloadEvery(Duration.ofMinutes(10)));
 * }</pre>
 */
public final class EnrichFromTable<InputT, KeyT, ValueT>
        extends PTransform<PCollection<InputT>, Enrichment<InputT, ValueT>> {
    private static final long serialVersionUID = 1;

    private static final String NAME = "millrace.enrich";

    private final SerializableFunction<InputT, @Nullable KeyT> key;
    private final LookupTable.Source<KeyT, ValueT> source;
    private final @Nullable Duration reloadEvery;
    private final @Nullable Coder<ValueT> valueCoder;
    private final Misses<ValueT> misses;
    private final String namespace;
    private final Clock clock;

    private EnrichFromTable(
            SerializableFunction<InputT, @Nullable KeyT> key,
            LookupTable.Source<KeyT, ValueT> source,
            @Nullable Duration reloadEvery,
            @Nullable Coder<ValueT> valueCoder,
            Misses<ValueT> misses,
            String namespace,
            Clock clock) {
        this.key = key;
        this.source = source;
        this.reloadEvery = reloadEvery;
        this.valueCoder = valueCoder;
        this.misses = misses;
        this.namespace = namespace;
        this.clock = clock;
    }

    /**
     * Looks into a table that is loaded once.
     *
     * @param key what is looked up for an element
     * @param source where the table is loaded from
     */
    public static <InputT, KeyT, ValueT> EnrichFromTable<InputT, KeyT, ValueT> of(
            SerializableFunction<InputT, @Nullable KeyT> key, LookupTable.Source<KeyT, ValueT> source) {
        return new EnrichFromTable<>(key, source, null, null, new Misses<>(OnMiss.PASS, null), NAME, SystemClock.utc());
    }

    /** The same, looking for another table each time that this is over; a second at least. */
    public EnrichFromTable<InputT, KeyT, ValueT> withReloadEvery(Duration reloadEvery) {
        checkArgument(
                reloadEvery.compareTo(Duration.ofSeconds(1)) >= 0,
                "reloadEvery must be at least a second, but was %s",
                reloadEvery);
        return new EnrichFromTable<>(key, source, reloadEvery, valueCoder, misses, namespace, clock);
    }

    /** The same, with values of this coder. Without one, that which the pipeline has for the source's type. */
    public EnrichFromTable<InputT, KeyT, ValueT> withValueCoder(Coder<ValueT> valueCoder) {
        return new EnrichFromTable<>(key, source, reloadEvery, valueCoder, misses, namespace, clock);
    }

    /** The same, but for elements of whose key there is nothing; without it they pass on with no value. */
    public EnrichFromTable<InputT, KeyT, ValueT> onMiss(OnMiss action) {
        return with(Misses.of(action));
    }

    /** The same, with a value for elements of whose key there is nothing. */
    public EnrichFromTable<InputT, KeyT, ValueT> onMissDefault(ValueT value) {
        return with(new Misses<>(OnMiss.DEFAULT, value));
    }

    private EnrichFromTable<InputT, KeyT, ValueT> with(Misses<ValueT> misses) {
        return new EnrichFromTable<>(key, source, reloadEvery, valueCoder, misses, namespace, clock);
    }

    /** The same, with metrics of this namespace, and a thread named after it. */
    public EnrichFromTable<InputT, KeyT, ValueT> named(String namespace) {
        checkArgument(!namespace.isEmpty(), "namespace must not be empty");
        return new EnrichFromTable<>(key, source, reloadEvery, valueCoder, misses, namespace, clock);
    }

    /** The same, with another clock, serialisable. Default the system's. */
    public EnrichFromTable<InputT, KeyT, ValueT> withClock(Clock clock) {
        return new EnrichFromTable<>(key, source, reloadEvery, valueCoder, misses, namespace, clock);
    }

    @Override
    public Enrichment<InputT, ValueT> expand(PCollection<InputT> elements) {
        Outlets<InputT, ValueT> outlets = Outlets.of(elements, valueCoder(elements.getPipeline()));
        Results<InputT, ValueT> results = outlets.results(misses, new LookupMetrics(namespace));
        TableInProcess<KeyT, ValueT> table = new TableInProcess<>(namespace, source, reloadEvery, clock);
        return outlets.leaving(
                elements.apply("LookUp", outlets.tagged(ParDo.of(new TableLookupFn<>(key, table, results)))));
    }

    private Coder<ValueT> valueCoder(Pipeline pipeline) {
        return valueCoder == null ? Outlets.registered(pipeline, valueType()) : valueCoder;
    }

    private TypeDescriptor<ValueT> valueType() {
        return TypeDescriptors.extractFromTypeParameters(
                source,
                LookupTable.Source.class,
                new TypeVariableExtractor<LookupTable.Source<KeyT, ValueT>, ValueT>() {});
    }
}
