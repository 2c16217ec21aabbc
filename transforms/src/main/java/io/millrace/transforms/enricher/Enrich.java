package io.millrace.transforms.enricher;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.UUID;
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
 * Elements with what a service or a store answers for their keys; and as dead letters those that have no answer.
 *
 * <p><i>Shape</i>: {@code PCollection<InputT>}, bounded or not, in any windows, to an {@link Enrichment}: an {@link Enriched} for each
 * element, and {@link Unenriched} ones. An element of several windows is looked up for each.
 *
 * <p><i>Time</i>: timestamps, windows and panes pass on. An answer leaves when the next element comes after it, or the bundle ends; a
 * bundle ends when all that it asked for is answered, so bundles should last many times as long as a call does: of time {@code T} and
 * calls of {@code L}, {@code T / (T + L)} is used. On Flink that is {@code --maxBundleTimeMills}, half of which more may pass; and with {@code
 * --failOnCheckpointingErrors=false} an outage may outlast a checkpoint.
 *
 * <p><i>State</i>: none in the job. Each process keeps one client, and a cache where it is given one; each task keeps twice
 * {@link #withMaxInFlight} elements at most while a bundle lasts: those that are looked up, and as many that are next.
 *
 * <p><i>Guarantee</i>: each element has one answer or is a dead letter; a checkpoint never has a call on its way. Elements leave a task
 * in the order in which they came, unless {@link #inAnyOrder}. With a cache a value older than its {@code maxAge} is never used. Calls of
 * all tasks together are in any time {@code t} at most as many as {@link #withCallsPerSecond} allows in {@code t} and 250 ms, and one more for
 * each process; each task has its share of them, so the whole rate is reached only where all tasks have enough to do. While the service is
 * out elements wait, and the job holds its position.
 *
 * <p><i>Fails</i>: an element is a dead letter whose key function throws {@link KeyFailedException} or gives null, whose lookup the
 * service refuses, or for which none worked within {@code giveUpAfter}; and, where {@link OnMiss} says so, one of whose key there is
 * nothing. Anything else a key function throws fails the bundle.
 *
 * <pre>{@code
 * Enrichment<Play, Title> enriched = plays.apply(
 *     Enrich.of(Play::titleId, new TitleService("http://titles:8080"))
 *         .withCache(CacheSettings.of(100_000, Duration.ofMinutes(10))));
 * PCollection<Enriched<Play, Title>> results = enriched.results();
 * }</pre>
 */
public final class Enrich<InputT, KeyT, ValueT> extends PTransform<PCollection<InputT>, Enrichment<InputT, ValueT>> {
    private static final long serialVersionUID = 1;

    /** How many elements of a task are looked up at a time, unless it is said. */
    public static final int DEFAULT_MAX_IN_FLIGHT = 64;

    private static final String NAME = "enrich";

    private final SerializableFunction<InputT, @Nullable KeyT> key;
    private final LookupSettings<KeyT, ValueT> settings;
    private final @Nullable Coder<ValueT> valueCoder;
    private final Misses<ValueT> misses;
    private final String namespace;

    private Enrich(
            SerializableFunction<InputT, @Nullable KeyT> key,
            LookupSettings<KeyT, ValueT> settings,
            @Nullable Coder<ValueT> valueCoder,
            Misses<ValueT> misses,
            String namespace) {
        this.key = key;
        this.settings = settings;
        this.valueCoder = valueCoder;
        this.misses = misses;
        this.namespace = namespace;
    }

    /**
     * Asks a client.
     *
     * @param key what is asked for an element
     * @param provider opens the client that answers
     */
    public static <InputT, KeyT, ValueT> Enrich<InputT, KeyT, ValueT> of(
            SerializableFunction<InputT, @Nullable KeyT> key, LookupClient.Provider<KeyT, ValueT> provider) {
        return new Enrich<>(
                key,
                new LookupSettings<>(
                        "", // each use has one of its own
                        NAME,
                        provider,
                        CallSettings.DEFAULT,
                        Double.POSITIVE_INFINITY,
                        null,
                        DEFAULT_MAX_IN_FLIGHT,
                        true),
                null,
                new Misses<>(OnMiss.PASS, null),
                "millrace." + NAME);
    }

    private Enrich<InputT, KeyT, ValueT> with(LookupSettings<KeyT, ValueT> settings) {
        return new Enrich<>(key, settings, valueCoder, misses, namespace);
    }

    /** The same, with values of this coder. Without one, that which the pipeline has for the provider's type. */
    public Enrich<InputT, KeyT, ValueT> withValueCoder(Coder<ValueT> valueCoder) {
        return new Enrich<>(key, settings, valueCoder, misses, namespace);
    }

    /** The same, with so many elements of a task looked up at a time. */
    public Enrich<InputT, KeyT, ValueT> withMaxInFlight(int maxInFlight) {
        checkArgument(maxInFlight >= 1, "maxInFlight must be at least 1, but was %s", maxInFlight);
        return with(settings.withMaxInFlight(maxInFlight));
    }

    /** The same, with at most so many calls in a second, of all tasks together. */
    public Enrich<InputT, KeyT, ValueT> withCallsPerSecond(double callsPerSecond) {
        checkArgument(callsPerSecond > 0, "callsPerSecond must be positive, but was %s", callsPerSecond);
        return with(settings.withCallsPerSecond(callsPerSecond));
    }

    /** The same, with calls made like this. */
    public Enrich<InputT, KeyT, ValueT> withCalls(CallSettings calls) {
        return with(settings.withCalls(calls));
    }

    /** The same, with answers that are kept and used again. */
    public Enrich<InputT, KeyT, ValueT> withCache(CacheSettings cache) {
        return with(settings.withCache(cache));
    }

    /** The same, with elements that leave as they are answered: a slow answer holds back others only at the end of a bundle. */
    public Enrich<InputT, KeyT, ValueT> inAnyOrder() {
        return with(settings.withInOrder(false));
    }

    /** The same, but for elements of whose key there is nothing; without it they pass on with no value. */
    public Enrich<InputT, KeyT, ValueT> onMiss(OnMiss action) {
        return new Enrich<>(key, settings, valueCoder, Misses.of(action), namespace);
    }

    /** The same, with a value for elements of whose key there is nothing. */
    public Enrich<InputT, KeyT, ValueT> onMissDefault(ValueT value) {
        return new Enrich<>(key, settings, valueCoder, new Misses<>(OnMiss.DEFAULT, value), namespace);
    }

    /** The same, with metrics of this namespace, and threads named after it. */
    public Enrich<InputT, KeyT, ValueT> named(String namespace) {
        checkArgument(!namespace.isEmpty(), "namespace must not be empty");
        return new Enrich<>(key, settings.withName(namespace), valueCoder, misses, namespace);
    }

    @Override
    public Enrichment<InputT, ValueT> expand(PCollection<InputT> elements) {
        Coder<ValueT> ofValues = valueCoder(elements.getPipeline());
        Outlets<InputT, ValueT> outlets = Outlets.of(elements, ofValues);
        LookupMetrics metrics = new LookupMetrics(namespace);
        LookupSettings<KeyT, ValueT> ofThisUse =
                settings.withId(UUID.randomUUID().toString());
        return outlets.leaving(elements.apply("LookUp", ParDo.of(new AsyncLookupFn<>(key, ofThisUse, metrics)))
                .setCoder(new SettledCoder<>(
                        EnrichedCoder.of(elements.getCoder(), ofValues), UnenrichedCoder.of(elements.getCoder())))
                .apply("Settle", outlets.tagged(ParDo.of(new SettleFn<>(outlets.results(misses, metrics))))));
    }

    private Coder<ValueT> valueCoder(Pipeline pipeline) {
        return valueCoder == null ? Outlets.registered(pipeline, valueType()) : valueCoder;
    }

    private TypeDescriptor<ValueT> valueType() {
        return TypeDescriptors.extractFromTypeParameters(
                settings.provider(),
                LookupClient.Provider.class,
                new TypeVariableExtractor<LookupClient.Provider<KeyT, ValueT>, ValueT>() {});
    }
}
