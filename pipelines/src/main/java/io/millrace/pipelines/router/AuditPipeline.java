package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.sink.Held;
import io.millrace.io.sink.HeldCoder;
import io.millrace.io.sink.Holdings;
import io.millrace.transforms.event.Run;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;

/**
 * Runs the input through a route once more, writes nothing, and compares what comes of it with what the route's sink and the dead
 * letters hold.
 *
 * <p><i>Shape</i>: a source that ends to one {@link AuditFigures}, when everything has been read.
 *
 * <p><i>State</i>: for each result its identity and its key in the sink, until the end of the input; values are not kept.
 *
 * <p><i>Guarantee</i>: every event that the route does not filter is counted once, as held, superseded, given up or missing, and
 * everything that the sink holds is one of those or foreign.
 *
 * <p><i>Fails</i>: where the source, the sink or the dead letters cannot be read.
 */
public final class AuditPipeline extends PTransform<PBegin, PCollection<AuditFigures>> {
    private static final long serialVersionUID = 1;

    private final String scriptVersion;
    private final transient RouterSpec spec;
    private final transient RouteSpec route;
    private final Run run;
    private final Holdings holdings;
    private final Optional<DeadLetterKeys> deadLetters;

    private AuditPipeline(
            String scriptVersion,
            RouterSpec spec,
            RouteSpec route,
            Run run,
            Holdings holdings,
            Optional<DeadLetterKeys> deadLetters) {
        this.scriptVersion = scriptVersion;
        this.spec = spec;
        this.route = route;
        this.run = run;
        this.holdings = holdings;
        this.deadLetters = deadLetters;
    }

    /**
     * The audit of a route.
     *
     * @param scriptVersion the version of a script that has versions; empty for those in force at the events' times
     * @param spec the spec with what decides over the route's events
     * @param deadLetters the route's dead letters; where they cannot be read, what the route's own steps give up counts as stored
     */
    static AuditPipeline of(
            String scriptVersion,
            RouterSpec spec,
            RouteSpec route,
            Run run,
            Holdings holdings,
            Optional<DeadLetterKeys> deadLetters) {
        return new AuditPipeline(scriptVersion, spec, route, run, holdings, deadLetters);
    }

    @Override
    public PCollection<AuditFigures> expand(PBegin begin) {
        RoutedSources sources = RoutedSources.of(
                new Outputs(spec, run),
                List.of(),
                begin,
                Reads.ANEW.with(Scripts.WATCHED).by(scriptVersion));
        PCollectionTuple expected = sources.results(route)
                .apply("all-events", toTheEnd())
                .apply(
                        "expected",
                        ParDo.of(new ExpectFn(route.name(), holdings, deadLetters))
                                .withOutputTags(ExpectFn.RESULTS, TupleTagList.of(ExpectFn.REFUSED)));
        PCollectionTuple accounted = KeyedPCollectionTuple.of(
                        AccountFn.RESULTS, expected.get(ExpectFn.RESULTS).setCoder(inBuckets(HeldCoder.of())))
                .and(AccountFn.GIVEN_UP, givenUp(sources, expected.get(ExpectFn.REFUSED)))
                .and(AccountFn.STORED, stored(begin))
                .apply("by-dead-letter", CoGroupByKey.create())
                .apply(
                        "account",
                        ParDo.of(new AccountFn(deadLetters.isPresent()))
                                .withOutputTags(AccountFn.TALLIES, TupleTagList.of(AccountFn.FIGURES)));
        return PCollectionList.of(compared(begin, accounted.get(AccountFn.TALLIES)))
                .and(accounted.get(AccountFn.FIGURES).setCoder(SerializableCoder.of(AuditFigures.class)))
                .and(begin.apply("none", Create.of(new AuditFigures())).apply("all-none", toTheEnd()))
                .apply("all-figures", Flatten.pCollections())
                .apply("sum", Combine.globally(AuditFigures::sum).withoutDefaults());
    }

    /** What the route's steps give up, what has no time to be read at, and what the sink takes under no circumstances. */
    private PCollection<KV<Integer, KV<String, String>>> givenUp(
            RoutedSources sources, PCollection<KV<Integer, KV<String, String>>> refused) {
        String name = route.name();
        PCollection<KV<Integer, KV<String, String>>> given = PCollectionList.of(sources.deadLetters())
                .apply("all-given-up", Flatten.pCollections())
                .apply("given-up-to-the-end", toTheEnd())
                .apply(
                        "of-this-route",
                        Filter.by(deadLetter -> deadLetter.route().equals(name)))
                .apply("given-up", ParDo.of(new GivenUpFn(deadLetters)))
                .setCoder(inBuckets(StringUtf8Coder.of()));
        return PCollectionList.of(given)
                .and(refused.setCoder(inBuckets(StringUtf8Coder.of())))
                .apply("given-up-or-refused", Flatten.pCollections());
    }

    private PCollection<KV<Integer, String>> stored(PBegin begin) {
        PCollection<String> keys = deadLetters.isPresent()
                ? begin.apply("dead-letters", deadLetters.get().stored())
                : begin.apply("no-dead-letters", Create.empty(StringUtf8Coder.of()));
        return keys.apply("all-stored", toTheEnd())
                .apply("stored", WithKeys.<Integer, String>of(Buckets::of).withKeyType(TypeDescriptors.integers()))
                .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()));
    }

    private PCollection<AuditFigures> compared(PBegin begin, PCollection<KV<Integer, KV<String, Tally>>> expected) {
        PCollection<KV<Integer, KV<String, Tally>>> held = begin.apply("held", holdings.held())
                .apply("all-held", toTheEnd())
                .apply(
                        "by-key",
                        MapElements.into(new TypeDescriptor<KV<Integer, KV<String, Tally>>>() {})
                                .via((Held one) -> Buckets.of(one.key(), Tally.ofHeld(one))))
                .setCoder(inBuckets(Tally.CODER));
        return PCollectionList.of(expected.setCoder(inBuckets(Tally.CODER)))
                .and(held)
                .apply("both-sides", Flatten.pCollections())
                .apply("together", GroupByKey.create())
                .apply("compare", ParDo.of(new CompareFn(route.name())));
    }

    private static <T> Coder<KV<Integer, KV<String, T>>> inBuckets(Coder<T> things) {
        return KvCoder.of(VarIntCoder.of(), KvCoder.of(StringUtf8Coder.of(), things));
    }

    /** Nothing is compared before everything has been read. A source that ends may be an unbounded one all the same. */
    private static <T> Window<T> toTheEnd() {
        return Window.<T>configure()
                .triggering(AfterWatermark.pastEndOfWindow())
                .withAllowedLateness(Duration.ZERO)
                .discardingFiredPanes();
    }
}
