package io.millrace.pipelines.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.devinterface.spec.Credit;
import io.millrace.devinterface.spec.Emit;
import io.millrace.devinterface.spec.JoinRatesSpec;
import io.millrace.devinterface.spec.JoinSideSpec;
import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.devinterface.spec.JoinTracesSpec;
import io.millrace.io.source.EventsRead;
import io.millrace.pipelines.join.trace.TraceDocument;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.expression.TextExpression;
import io.millrace.transforms.joiner.Attribution;
import io.millrace.transforms.joiner.JoinStreams;
import io.millrace.transforms.joiner.JoinType;
import io.millrace.transforms.joiner.JoinedStreams;
import io.millrace.transforms.joiner.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Right events, each with the left ones that led to it, as a join of a spec says: {@link #RESULTS}, {@link #RATES}, {@link #TRACES} and, of
 * no route yet, {@link #DEAD_LETTERS}.
 *
 * <p><i>Guarantee</i>: a result has the identity of its right event, one of a left event alone that of the left event. Its key is the
 * join's, and it has no headers.
 */
public final class JoinEvents extends PTransform<PCollection<Event>, PCollectionTuple> {
    private static final long serialVersionUID = 1;

    /** What was joined, and what found no partner. */
    public static final TupleTag<Event> RESULTS = new TupleTag<>("results");

    /** How many left events of each window were given to a right one; there only where the join has rates. */
    public static final TupleTag<Event> RATES = new TupleTag<>("rates");

    /** What became of the keys that are traced. */
    public static final TupleTag<Event> TRACES = new TupleTag<>("traces");

    /** The events that could not be joined. */
    public static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");

    static final TupleTag<KV<String, Joinable>> KEYED = new TupleTag<>("keyed");
    static final String NO_ROUTE = "";
    static final String STEP = "join";

    private final transient PCollection<Event> rights;
    private final transient JoinSpec spec;
    private final Run run;
    private final String name;

    private JoinEvents(Run run, String name, JoinSpec spec, PCollection<Event> rights) {
        this.run = run;
        this.name = name;
        this.spec = spec;
        this.rights = rights;
    }

    /** A join of a pipeline's run, by its name, with these right events. */
    public static JoinEvents of(Run run, String name, JoinSpec spec, PCollection<Event> rights) {
        return new JoinEvents(run, name, spec, rights);
    }

    /** Whether a dead letter of a route that reads a join is of an event that was read for it, and not of what the join made. */
    public static boolean isOfSource(DeadLetter deadLetter) {
        return deadLetter.step().equals(STEP) || deadLetter.step().equals(EventsRead.STEP);
    }

    @Override
    public PCollectionTuple expand(PCollection<Event> lefts) {
        JoinRatesSpec rates = spec.rates();
        List<PCollection<DeadLetter>> deadLetters = new ArrayList<>();
        PCollection<KV<String, Joinable>> left =
                keyed("Left", lefts, spec.left(), rates == null ? null : rates.by(), deadLetters);
        PCollection<KV<String, Joinable>> right = keyed("Right", rights, spec.right(), null, deadLetters);
        JoinedStreams<String, Joinable, Joinable, Kept, Kept> joined = left.apply("Join", join(right));
        deadLetters.add(joined.deadLetters()
                .apply("Refused", ParDo.of(new RefusedFn(place())))
                .setCoder(DeadLetterCoder.of()));
        PCollectionTuple outputs = PCollectionTuple.of(RESULTS, results(joined))
                .and(TRACES, traces(joined))
                .and(DEAD_LETTERS, PCollectionList.of(deadLetters).apply("DeadLetters", Flatten.pCollections()));
        return rates == null ? outputs : outputs.and(RATES, new Rates(stream("rates"), spec, rates).of(joined));
    }

    private String place() {
        return "join '" + name + "'";
    }

    /** What stands for a source of what no event is. */
    private String stream(String what) {
        return run.pipeline() + "/" + name + "/" + what;
    }

    private PCollection<KV<String, Joinable>> keyed(
            String step,
            PCollection<Event> events,
            JoinSideSpec side,
            @Nullable TextExpression by,
            List<PCollection<DeadLetter>> deadLetters) {
        SideFn keying = new SideFn(place() + ", " + step.toLowerCase(Locale.ROOT), side, by);
        PCollectionTuple keyed =
                events.apply(step, ParDo.of(keying).withOutputTags(KEYED, TupleTagList.of(DEAD_LETTERS)));
        deadLetters.add(keyed.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
        return keyed.get(KEYED).setCoder(KvCoder.of(StringUtf8Coder.of(), JoinableCoder.of()));
    }

    private JoinStreams<String, Joinable, Joinable, Kept, Kept> join(PCollection<KV<String, Joinable>> right) {
        JoinRatesSpec rates = spec.rates();
        KeptFn ofLefts = new KeptFn(
                spec.list(),
                spec.type().keepsLeft(),
                rates == null ? 0 : rates.window().toMillis());
        JoinStreams<String, Joinable, Joinable, Kept, Kept> join = JoinStreams.<String, Joinable, Joinable>with(right)
                .reduceLeft(ofLefts, spec.granule() == null ? Duration.ZERO : spec.granule())
                .reduceRight(new KeptFn(false, true, 0))
                .withLeftId(Joinable::id)
                .withRightId(Joinable::id)
                .withAllowedLateness(spec.allowedLateness())
                .withJoinType(rates == null ? spec.type() : withLeft(spec.type()))
                .withKeyLimit(spec.keyEntries(), spec.keyBytes())
                .named(RouteMetrics.namespace(run.pipeline(), name));
        return traced(emitting(credited(bounded(join))));
    }

    /** Left events that no right one is given have to be counted, even where they do not come out. */
    private static JoinType withLeft(JoinType type) {
        return switch (type) {
            case INNER, LEFT_OUTER -> JoinType.LEFT_OUTER;
            case RIGHT_OUTER, FULL_OUTER -> JoinType.FULL_OUTER;
        };
    }

    private JoinStreams<String, Joinable, Joinable, Kept, Kept> bounded(
            JoinStreams<String, Joinable, Joinable, Kept, Kept> join) {
        JoinStreams<String, Joinable, Joinable, Kept, Kept> bounded = join;
        bounded = spec.left().waits() == null
                ? bounded
                : bounded.withLeftWait(spec.left().waits());
        bounded = spec.left().looksBack() == null
                ? bounded
                : bounded.withLeftLookback(spec.left().looksBack());
        bounded = spec.right().waits() == null
                ? bounded
                : bounded.withRightWait(spec.right().waits());
        return spec.right().looksBack() == null
                ? bounded
                : bounded.withRightLookback(spec.right().looksBack());
    }

    private JoinStreams<String, Joinable, Joinable, Kept, Kept> credited(
            JoinStreams<String, Joinable, Joinable, Kept, Kept> join) {
        JoinStreams<String, Joinable, Joinable, Kept, Kept> credited = join.withAttribution(attribution(spec.credit()));
        return spec.creditOnce() ? credited.creditingEachLeftOnce() : credited;
    }

    private static Attribution<Kept, Kept> attribution(Credit credit) {
        return switch (credit) {
            case ALL -> Attribution.all();
            case FIRST -> Attribution.first();
            case LAST -> Attribution.last();
        };
    }

    private JoinStreams<String, Joinable, Joinable, Kept, Kept> emitting(
            JoinStreams<String, Joinable, Joinable, Kept, Kept> join) {
        return spec.emit() == Emit.MATCH ? join.emittingOnMatch() : join;
    }

    private JoinStreams<String, Joinable, Joinable, Kept, Kept> traced(
            JoinStreams<String, Joinable, Joinable, Kept, Kept> join) {
        JoinTracesSpec traces = spec.traces();
        return traces == null ? join : join.withTraces(traces.share(), traces.keys());
    }

    private PCollection<Event> results(JoinedStreams<String, Joinable, Joinable, Kept, Kept> joined) {
        JoinDocuments documents = new JoinDocuments(spec.list(), spec.emit() == Emit.MATCH);
        PCollectionList<Event> results = PCollectionList.of(joined.joined()
                        .apply("Joined", ParDo.of(new ResultFn<>(documents::joined)))
                        .setCoder(EventCoder.of()))
                .and(joined.unmatchedRight()
                        .apply("UnmatchedRight", ParDo.of(new ResultFn<>(documents::unmatchedRight)))
                        .setCoder(EventCoder.of()));
        return (spec.type().keepsLeft() ? results.and(unmatchedLeft(joined, documents)) : results)
                .apply("Results", Flatten.pCollections());
    }

    private static PCollection<Event> unmatchedLeft(
            JoinedStreams<String, Joinable, Joinable, Kept, Kept> joined, JoinDocuments documents) {
        return joined.unmatchedLeft()
                .apply(
                        "UnmatchedLeft",
                        ParDo.of(new ResultFn<TimestampedValue<Kept>>(
                                (key, left) -> documents.unmatchedLeft(key, left.getValue()))))
                .setCoder(EventCoder.of());
    }

    private PCollection<Event> traces(JoinedStreams<String, Joinable, Joinable, Kept, Kept> joined) {
        return joined.traces()
                .apply("Traces", ParDo.of(new TraceFn(stream("traces/" + run.lineage()), name)))
                .setCoder(EventCoder.of());
    }

    private static final class TraceFn extends DoFn<KV<String, Trace>, Event> {
        private static final long serialVersionUID = 1;

        private final String stream;
        private final String join;
        private transient long number;

        TraceFn(String stream, String join) {
            this.stream = stream;
            this.join = join;
        }

        /** What is told was never read, and two may say the same, so it is numbered, wherever it is told. */
        @Setup
        public void setUp() {
            number = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE >> 1);
        }

        @ProcessElement
        public void process(@Element KV<String, Trace> traced, OutputReceiver<Event> out) {
            Origin origin = new Origin(stream, 0, number++);
            TraceDocument document = new TraceDocument(join, traced.getKey(), traced.getValue());
            out.output(Event.of(origin, traced.getKey().getBytes(UTF_8), document.json()));
        }
    }
}
