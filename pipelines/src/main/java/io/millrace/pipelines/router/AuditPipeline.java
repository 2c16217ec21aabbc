package io.millrace.pipelines.router;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.sink.Held;
import io.millrace.io.sink.HeldCoder;
import io.millrace.io.sink.Holdings;
import io.millrace.io.source.EventsRead;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.router.Routed;
import java.util.Optional;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

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

    private final transient RouterSpec spec;
    private final Run run;
    private final Holdings holdings;
    private final Optional<DeadLetterKeys> deadLetters;

    private AuditPipeline(RouterSpec spec, Run run, Holdings holdings, Optional<DeadLetterKeys> deadLetters) {
        this.spec = spec;
        this.run = run;
        this.holdings = holdings;
        this.deadLetters = deadLetters;
    }

    /**
     * The audit of a spec of one route.
     *
     * @param deadLetters the route's dead letters; where they cannot be read, what the route's own steps give up counts as stored
     */
    static AuditPipeline of(RouterSpec spec, Run run, Holdings holdings, Optional<DeadLetterKeys> deadLetters) {
        checkArgument(spec.routes().size() == 1, "routes must be one, but were %s", spec.routeNames());
        return new AuditPipeline(spec, run, holdings, deadLetters);
    }

    @Override
    public PCollection<AuditFigures> expand(PBegin begin) {
        RouteSpec route = spec.routes().get(0);
        EventsRead read = begin.apply("source", Sources.of(spec.source()));
        Routed routed = read.events().apply("routes", new Outputs(spec, run).routes());
        PCollectionTuple expected = routed.route(route.name())
                .apply(
                        "expected",
                        ParDo.of(new ExpectFn(route.name(), holdings, deadLetters))
                                .withOutputTags(ExpectFn.RESULTS, TupleTagList.of(ExpectFn.GIVEN_UP)));
        PCollectionTuple accounted = KeyedPCollectionTuple.of(
                        AccountFn.RESULTS,
                        expected.get(ExpectFn.RESULTS).setCoder(KvCoder.of(StringUtf8Coder.of(), HeldCoder.of())))
                .and(AccountFn.GIVEN_UP, givenUp(read, routed, expected))
                .and(AccountFn.STORED, stored(begin))
                .apply("by-dead-letter", CoGroupByKey.create())
                .apply(
                        "account",
                        ParDo.of(new AccountFn(deadLetters.isPresent()))
                                .withOutputTags(AccountFn.TALLIES, TupleTagList.of(AccountFn.FIGURES)));
        return PCollectionList.of(compared(begin, accounted))
                .and(accounted.get(AccountFn.FIGURES).setCoder(SerializableCoder.of(AuditFigures.class)))
                .and(begin.apply("no-figures", Create.of(new AuditFigures())))
                .apply("all-figures", Flatten.pCollections())
                .apply("sum", Combine.globally(AuditFigures::sum).withoutDefaults());
    }

    /** What the route's steps give up, what the sink takes under no circumstances, and what has no time to be read at. */
    private PCollection<KV<String, String>> givenUp(EventsRead read, Routed routed, PCollectionTuple expected) {
        PCollection<DeadLetter> unread =
                read.deadLetters().apply("unread", ParDo.of(new CountUnreadFn(spec.name(), spec.routeNames())));
        PCollection<KV<String, String>> bySteps = PCollectionList.of(routed.deadLetters())
                .and(unread)
                .apply("all-given-up", Flatten.pCollections())
                .apply("given-up", ParDo.of(new GivenUpFn(deadLetters)));
        return PCollectionList.of(bySteps.setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of())))
                .and(expected.get(ExpectFn.GIVEN_UP).setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of())))
                .apply("given-up-or-refused", Flatten.pCollections());
    }

    private PCollection<KV<String, String>> stored(PBegin begin) {
        PCollection<String> keys = deadLetters.isPresent()
                ? begin.apply("dead-letters", deadLetters.get().stored())
                : begin.apply("no-dead-letters", Create.empty(StringUtf8Coder.of()));
        return keys.apply("stored", WithKeys.<String, String>of(key -> key).withKeyType(TypeDescriptors.strings()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
    }

    private PCollection<AuditFigures> compared(PBegin begin, PCollectionTuple accounted) {
        PCollection<KV<String, Tally>> held = begin.apply("held", holdings.held())
                .apply(
                        "by-key",
                        MapElements.into(new TypeDescriptor<KV<String, Tally>>() {})
                                .via((Held one) -> KV.of(one.key(), Tally.ofHeld(one))))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), Tally.CODER));
        return PCollectionList.of(
                        accounted.get(AccountFn.TALLIES).setCoder(KvCoder.of(StringUtf8Coder.of(), Tally.CODER)))
                .and(held)
                .apply("both-sides", Flatten.pCollections())
                .apply("tally", Combine.perKey(new Tally.AndFn()))
                .apply("compare", ParDo.of(new CompareFn()));
    }
}
