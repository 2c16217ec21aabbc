package io.millrace.pipelines.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.CacheSpec;
import io.millrace.devinterface.spec.CallsSpec;
import io.millrace.devinterface.spec.ChangelogSpec;
import io.millrace.devinterface.spec.EnrichSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.io.source.EventsRead;
import io.millrace.transforms.enricher.Change;
import io.millrace.transforms.enricher.ChangeCoder;
import io.millrace.transforms.enricher.Enrich;
import io.millrace.transforms.enricher.EnrichAsOf;
import io.millrace.transforms.enricher.Enrichment;
import io.millrace.transforms.enricher.OnMiss;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.router.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Events with one lookup's answers in their documents, {@link #RESULTS}; and as {@link #DEAD_LETTERS} those that have none.
 *
 * <p><i>Guarantee</i>: identities, keys and headers of events are kept, and so is their order, unless a changelog answers, which gives that of
 * their times, and only of a key; a header {@value Route.Lookup#AGE_HEADER} with the
 * field's name behind it says how old an answer was when it was used, in milliseconds. What is dropped is counted as filtered.
 */
public final class EnrichEvents extends PTransform<PCollection<Event>, PCollectionTuple> {
    private static final long serialVersionUID = 1;

    /** The events with their answers. */
    public static final TupleTag<Event> RESULTS = new TupleTag<>("results");

    /** The events that have no answer. */
    public static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");

    static final TupleTag<Asked> ASKED = new TupleTag<>("asked");

    private final transient EnrichSpec spec;
    private final transient ChangelogReads changelogs;
    private final GivingUp givingUp;
    private final String namespace;

    private EnrichEvents(EnrichSpec spec, ChangelogReads changelogs, GivingUp givingUp, String namespace) {
        this.spec = spec;
        this.changelogs = changelogs;
        this.givingUp = givingUp;
        this.namespace = namespace;
    }

    /** A lookup of a route of a pipeline, with changelogs read like this. */
    public static EnrichEvents of(String pipeline, RouteSpec route, EnrichSpec spec, ChangelogReads changelogs) {
        return new EnrichEvents(
                spec,
                changelogs,
                new GivingUp(route.name(), RouteMetrics.of(pipeline, route.name()), route.onError()),
                RouteMetrics.namespace(pipeline, route.name()) + "." + spec.into());
    }

    @Override
    public PCollectionTuple expand(PCollection<Event> events) {
        PCollectionTuple asked = events.apply(
                "Ask", ParDo.of(new AskFn(spec.key(), givingUp)).withOutputTags(ASKED, TupleTagList.of(DEAD_LETTERS)));
        List<PCollection<DeadLetter>> givenUp = new ArrayList<>();
        Enrichment<Asked, byte[]> answered =
                asked.get(ASKED).setCoder(AskedCoder.of()).apply("Enrich", lookup(events.getPipeline(), givenUp));
        PCollectionTuple placed = answered.results()
                .apply(
                        "Place",
                        ParDo.of(new PlaceFn(spec.into(), spec.onMiss(), givingUp))
                                .withOutputTags(RESULTS, TupleTagList.of(DEAD_LETTERS)));
        PCollection<DeadLetter> unanswered = answered.deadLetters()
                .apply("Unanswered", ParDo.of(new UnansweredFn(givingUp)))
                .setCoder(DeadLetterCoder.of());
        PCollection<DeadLetter> deadLetters = PCollectionList.of(
                        asked.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()))
                .and(unanswered)
                .and(placed.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()))
                .and(givenUp)
                .apply("DeadLetters", Flatten.pCollections());
        return PCollectionTuple.of(RESULTS, placed.get(RESULTS).setCoder(EventCoder.of()))
                .and(DEAD_LETTERS, deadLetters);
    }

    private PTransform<PCollection<Asked>, Enrichment<Asked, byte[]>> lookup(
            Pipeline pipeline, List<PCollection<DeadLetter>> givenUp) {
        ChangelogSpec changelog = spec.changelog();
        return changelog == null ? enrich() : asOf(changelog, pipeline, givenUp);
    }

    private EnrichAsOf<Asked, String, byte[]> asOf(
            ChangelogSpec changelog, Pipeline pipeline, List<PCollection<DeadLetter>> givenUp) {
        EventsRead read = pipeline.apply("Changelog", changelogs.of(changelog));
        PCollectionTuple changes = read.events()
                .apply(
                        "Changes",
                        ParDo.of(new ChangeFn(givingUp.route(), spec.into(), namespace))
                                .withOutputTags(ChangeFn.CHANGES, TupleTagList.of(DEAD_LETTERS)));
        givenUp.add(changes.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
        givenUp.add(read.deadLetters()
                .apply("Untimed", ParDo.of(new UntimedChangeFn(givingUp.route(), spec.into(), namespace)))
                .setCoder(DeadLetterCoder.of()));
        PCollection<KV<String, Change<byte[]>>> ofKeys = changes.get(ChangeFn.CHANGES)
                .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCoder.of(ByteArrayCoder.of())));
        EnrichAsOf<Asked, String, byte[]> asOf = EnrichAsOf.of(Asked::key, ofKeys)
                .withAllowedLateness(changelog.allowedLateness())
                .named(namespace);
        Duration timeToLive = changelog.timeToLive();
        return onMiss(
                timeToLive == null ? asOf : asOf.withTimeToLive(timeToLive),
                EnrichAsOf::onMiss,
                EnrichAsOf::onMissDefault);
    }

    private Enrich<Asked, String, byte[]> enrich() {
        Enrich<Asked, String, byte[]> enrich = Enrich.of(Asked::key, spec.provider())
                .withValueCoder(ByteArrayCoder.of())
                .withMaxInFlight(spec.maxInFlight())
                .named(namespace);
        Double rate = spec.callsPerSecond();
        CallsSpec calls = spec.calls();
        CacheSpec cache = spec.cache();
        enrich = rate == null ? enrich : enrich.withCallsPerSecond(rate);
        enrich = calls == null ? enrich : enrich.withCalls(calls.settings());
        enrich = cache == null ? enrich : enrich.withCache(cache.settings());
        return onMiss(enrich, Enrich::onMiss, Enrich::onMissDefault);
    }

    /** What is dropped is counted where the route's metrics are. */
    private <T> T onMiss(T lookup, BiFunction<T, OnMiss, T> action, BiFunction<T, byte[], T> byDefault) {
        return switch (spec.onMiss()) {
            case PASS, DROP -> lookup;
            case DEFAULT ->
                byDefault.apply(lookup, requireNonNull(spec.missing()).getBytes(UTF_8));
            case DEAD_LETTER -> action.apply(lookup, OnMiss.DEAD_LETTER);
        };
    }
}
