package io.millrace.transforms.joiner;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.GlobalWindowing;
import io.millrace.transforms.event.SystemClock;
import io.millrace.transforms.joiner.Rules.Limits;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;

/**
 * Right elements, each with the left ones of its key that were before it by so much at most; and what found no partner.
 *
 * <p>A left element is within the bounds of a right one if {@code right - min(leftWait, rightLookback) <= left <= right + min(rightWait,
 * leftLookback)}, by their times alone, whatever came first: both ends belong to it, as with Flink's {@code between}, and without the latter two it is not
 * behind the right one at all. This is an interval join, except that what comes out is a right element with all of its left ones, reduced by
 * {@link #reduceLeft}, and not one result for each pair.
 *
 * <p><i>Shape</i>: two {@code PCollection<KV<KeyT, …>>}, bounded or not, to {@link JoinedStreams}. Windows of either do not count: what comes
 * out is in the global window.
 *
 * <p><i>Time</i>: event time alone. A result leaves when the watermark of both inputs has shown that it is complete: that it has passed the
 * time of the right element, the wait for left ones behind it, and the allowed lateness. Until then its time holds the watermark, so
 * that windows behind the join are whole, but for elements that are late and allowed. With {@link #emittingOnMatch} it leaves with the first left element, and is corrected at completeness
 * if it has changed. A left element that no right one was given leaves when none can come
 * any more, or a 64th of the bounds later where these are over five minutes. Elements come to the join when their bundle ends.
 *
 * <p><i>State</i>: keys are spread over 1,024 shards, which bounds the parallelism; for each key, the reduced elements that may still be needed; nothing once the watermark has passed all bounds. With a granule
 * ({@link #reduceLeft(CombineFn, Duration)}) left elements are merged when no right one can tell them apart any more, so that there is one entry
 * for each granule within the bounds, or two where only some of them were given to a right one. How much is kept of a key is limited ({@link #withKeyLimit}).
 * An element that comes costs the same however many are kept of its key; but at times all of them are looked through: for each right element that
 * becomes complete, for left ones that are past, with {@link #emittingOnMatch} for each element that comes to a key with both, and now and then where there are many.
 *
 * <p><i>Guarantee</i>: each element that is not late is in a result, unmatched, a duplicate, or a dead letter over the limit; which of the first three
 * depends on times alone and not on the order in which elements come. An element is late if the watermark that it meets has passed its time by more
 * than {@link #withAllowedLateness}, or if its key was settled past its time before a restart. Duplicates are elements of one input with the same key, identity ({@link #withLeftId}, {@link
 * #withRightId}) and time; without such a function, or with an empty identity, nothing is one. Of left elements of one time the order is that of {@link JoinIdentity}, and then of
 * their encoded contents. Over the limit it is the order of arrival that says who is refused, and duplicates count until they are dropped.
 *
 * <p><i>Fails</i>: an element that is late or over the limit is a dead letter, and so is one without a time, that is, with the first or the last moment
 * that there is, as results of a global window have it. What a function throws fails the bundle, and so does an element that is null. A join of which it is not said how far a left
 * element may be before a right one is refused when the pipeline is made, and so are keys whose coder is not deterministic, or not the same on both sides.
 *
 * <pre>{@code
 * JoinedStreams<String, Impression, Play, Long, Play> joined = impressions.apply(
 *         JoinStreams.<String, Impression, Play>with(plays)
 *                 .withRightLookback(Duration.ofHours(4))
 *                 .reduceLeft(Count.combineFn()));
 * }</pre>
 */
public final class JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT>
        extends PTransform<PCollection<KV<KeyT, LeftT>>, JoinedStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT>> {
    private static final long serialVersionUID = 1;

    /** How many elements of both inputs are kept of a key, if nothing else is said. */
    public static final int DEFAULT_KEY_ENTRIES = 10_000;

    /** How many bytes are kept of a key, if nothing else is said. */
    public static final int DEFAULT_KEY_BYTES = 4 << 20;

    /** The longest bound and lateness that there can be. */
    public static final Duration LONGEST_BOUND = Bounds.LONGEST;

    private static final String NAMESPACE = "millrace.join";

    private final transient PCollection<KV<KeyT, RightT>> rights;
    private final InputOptions<LeftT, LeftOutT> left;
    private final InputOptions<RightT, RightOutT> right;
    private final Rules<LeftOutT, RightOutT> rules;
    private final transient TraceOptions<KeyT> traces;
    private final String namespace;

    private record TraceOptions<KeyT>(double share, List<KeyT> keys) {}

    private JoinStreams(
            PCollection<KV<KeyT, RightT>> rights,
            InputOptions<LeftT, LeftOutT> left,
            InputOptions<RightT, RightOutT> right,
            Rules<LeftOutT, RightOutT> rules,
            TraceOptions<KeyT> traces,
            String namespace) {
        this.rights = rights;
        this.left = left;
        this.right = right;
        this.rules = rules;
        this.traces = traces;
        this.namespace = namespace;
    }

    /**
     * Joins with these, each of which is given a list of all left elements within its bounds.
     *
     * @param rights the right elements, with a coder of {@link KvCoder}
     */
    public static <KeyT, LeftT, RightT> JoinStreams<KeyT, LeftT, RightT, List<LeftT>, RightT> with(
            PCollection<KV<KeyT, RightT>> rights) {
        Bounds bounds = new Bounds(0, 0, 0, 0, 0);
        Limits limits = new Limits(DEFAULT_KEY_ENTRIES, DEFAULT_KEY_BYTES);
        return new JoinStreams<>(
                rights,
                InputOptions.of(Side.LEFT, new Listed<LeftT>()),
                InputOptions.of(Side.RIGHT, new Itself<RightT>()),
                new Rules<>(bounds, JoinType.INNER, Attribution.all(), false, false, limits),
                new TraceOptions<>(0, List.of()),
                NAMESPACE);
    }

    /** The same, with left elements that wait so long for a right one. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withLeftWait(Duration atMost) {
        return with(left.withWait(atMost), right);
    }

    /** The same, with right elements that look back so far for left ones. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withRightLookback(Duration atMost) {
        return with(left, right.withLookback(atMost));
    }

    /** The same, with right elements that wait so long for left ones that are after them. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withRightWait(Duration atMost) {
        return with(left, right.withWait(atMost));
    }

    /** The same, with left elements that look back so far for a right one. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withLeftLookback(Duration atMost) {
        return with(left.withLookback(atMost), right);
    }

    /** The same, for elements that the watermark has passed by so much at most; without it, for none. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withAllowedLateness(Duration allowedLateness) {
        return with(rules.withBounds(new Bounds(
                0, 0, Bounds.checked("allowedLateness", allowedLateness).toMillis(), 0, 0)));
    }

    /** The same, with the duplicates dropped of left elements that have this in common. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withLeftId(SerializableFunction<LeftT, String> id) {
        return with(left.withId(id), right);
    }

    /** The same, with the duplicates dropped of right elements that have this in common. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withRightId(SerializableFunction<RightT, String> id) {
        return with(left, right.withId(id));
    }

    /** The same, with left elements of which only this is kept and given out; those of one result are merged in the order of their times. */
    public <ReducedT> JoinStreams<KeyT, LeftT, RightT, ReducedT, RightOutT> reduceLeft(
            CombineFn<LeftT, ?, ReducedT> fn) {
        return reduceLeft(fn, Duration.ZERO);
    }

    /**
     * The same, with the left elements of each granule of time merged as soon as they are in bounds of the same right ones alone. How far a
     * right element looks back is then counted to the beginning of a granule, so it can be less by a granule; with {@link Attribution#all} alone.
     */
    public <ReducedT> JoinStreams<KeyT, LeftT, RightT, ReducedT, RightOutT> reduceLeft(
            CombineFn<LeftT, ?, ReducedT> fn, Duration granule) {
        return new JoinStreams<>(
                rights, left.reducedBy(fn, granule), right, rules.withAttribution(sameTouches()), traces, namespace);
    }

    /** The same, with right elements of which only this is kept and given out. */
    public <ReducedT> JoinStreams<KeyT, LeftT, RightT, LeftOutT, ReducedT> reduceRight(
            CombineFn<RightT, ?, ReducedT> fn) {
        return reduceRight(fn, Duration.ZERO);
    }

    /**
     * The same, with the right elements of each granule of time as one, of the time of the earliest: many that are near each other
     * become one result, which is complete at the end of the granule.
     */
    public <ReducedT> JoinStreams<KeyT, LeftT, RightT, LeftOutT, ReducedT> reduceRight(
            CombineFn<RightT, ?, ReducedT> fn, Duration granule) {
        return new JoinStreams<>(
                rights, left, right.reducedBy(fn, granule), rules.withAttribution(sameTouches()), traces, namespace);
    }

    private <L, R> Attribution<L, R> sameTouches() {
        checkArgument(
                rules.attribution() instanceof Touches,
                "withAttribution must come after reduceLeft and reduceRight, whose results it is given");
        return ((Touches) (Attribution<?, ?>) rules.attribution()).cast();
    }

    /** The same, with these of the left elements within its bounds given to a right one; without it, all. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withAttribution(
            Attribution<LeftOutT, RightOutT> attribution) {
        return with(rules.withAttribution(attribution));
    }

    /** The same, with each left element given to one right one at most, the earliest that is credited with it. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> creditingEachLeftOnce() {
        return with(rules.creditingEachLeftOnce());
    }

    /** The same, with this besides what is joined; without it, nothing. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withJoinType(JoinType type) {
        return with(rules.withType(type));
    }

    /** The same, with results that leave with the first match, and leave again, as corrections, if they have changed when they are complete; a coder of
     * accumulators that is not deterministic can make corrections of results that have not changed. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> emittingOnMatch() {
        return with(rules.emittingOnMatch());
    }

    /** The same, with at most so many elements and, encoded, about so many bytes kept of a key; what comes beyond that is a dead letter. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withKeyLimit(int entries, int bytes) {
        checkArgument(entries >= 1, "entries of a key must be at least 1, but was %s", entries);
        checkArgument(bytes >= 1, "bytes of a key must be at least 1, but was %s", bytes);
        return with(rules.withLimits(new Limits(entries, bytes)));
    }

    /**
     * The same, with a trace of such a share of keys, drawn by their hash, and of these keys: everything that becomes of them,
     * {@link JoinedStreams#traces}. Without it, there are none.
     */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> withTraces(double shareOfKeys, List<KeyT> keys) {
        TraceOptions<KeyT> of = new TraceOptions<>(TracedKeys.checked(shareOfKeys), List.copyOf(keys));
        return new JoinStreams<>(rights, left, right, rules, of, namespace);
    }

    /** The same, with metrics of this namespace. */
    public JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> named(String namespace) {
        checkArgument(!namespace.isEmpty(), "namespace must not be empty");
        return new JoinStreams<>(rights, left, right, rules, traces, namespace);
    }

    private JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> with(
            InputOptions<LeftT, LeftOutT> ofLeft, InputOptions<RightT, RightOutT> ofRight) {
        return new JoinStreams<>(rights, ofLeft, ofRight, rules, traces, namespace);
    }

    private JoinStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> with(Rules<LeftOutT, RightOutT> other) {
        return new JoinStreams<>(rights, left, right, other, traces, namespace);
    }

    @Override
    public JoinedStreams<KeyT, LeftT, RightT, LeftOutT, RightOutT> expand(PCollection<KV<KeyT, LeftT>> lefts) {
        Rules<LeftOutT, RightOutT> checked = rules.withBounds(bounds());
        KvCoder<KeyT, LeftT> ofLefts = coder("left", lefts);
        KvCoder<KeyT, RightT> ofRights = coder("right", rights);
        checkKeyCoders(ofLefts.getKeyCoder(), ofRights.getKeyCoder());
        Coder<LeftT> leftCoder = ofLefts.getValueCoder();
        Coder<RightT> rightCoder = ofRights.getValueCoder();
        CoderRegistry registry = lefts.getPipeline().getCoderRegistry();
        JoinTags<KeyT, LeftT, RightT, LeftOutT, RightOutT> tags = new JoinTags<>();
        PCollection<KV<Integer, byte[]>> batches = PCollectionList.of(batches("Left", lefts, Side.LEFT, ofLefts))
                .and(batches("Right", rights, Side.RIGHT, ofRights))
                .apply("Both", Flatten.pCollections());
        PCollectionTuple outputs = batches.apply(
                "Join",
                ParDo.of(new JoinFn<>(
                                checked,
                                left.input(registry, leftCoder),
                                right.input(registry, rightCoder),
                                outlets(ofLefts.getKeyCoder(), tags)))
                        .withOutputTags(tags.joined(), tags.behindTheFirst()));
        return new JoinedStreams<>(
                tags,
                outputs,
                ofLefts.getKeyCoder(),
                left.outputCoder(registry, leftCoder),
                right.outputCoder(registry, rightCoder),
                leftCoder,
                rightCoder);
    }

    private Outlets<KeyT, LeftT, RightT, LeftOutT, RightOutT> outlets(
            Coder<KeyT> key, JoinTags<KeyT, LeftT, RightT, LeftOutT, RightOutT> tags) {
        TracedKeys traced = TracedKeys.of(traces.share(), traces.keys(), key);
        return new Outlets<>(key, tags, new JoinMetrics(namespace), traced, SystemClock.utc());
    }

    private Bounds bounds() {
        checkArgument(
                left.await() != null || right.lookback() != null,
                "how far a left element may be before a right one must be said: by withLeftWait, withRightLookback or both");
        boolean hasGranules = !left.granule().isZero();
        checkArgument(
                !hasGranules || rules.attribution() == (Object) Touches.ALL,
                "reduceLeft with a granule must be with Attribution.all(), since left elements are merged");
        checkArgument(
                !rules.creditsOnce() || !rules.emitsOnMatch(),
                "creditingEachLeftOnce must be without emittingOnMatch: which right element is the earliest is known when it is complete");
        long leftFirst = shorter(left.await(), right.lookback());
        checkArgument(
                left.granule().toMillis() <= leftFirst,
                "the granule of left elements must be at most how far they may be before a right one, %s, but was %s",
                Duration.ofMillis(leftFirst),
                left.granule());
        return new Bounds(
                leftFirst,
                left.lookback() == null && right.await() == null ? 0 : shorter(right.await(), left.lookback()),
                rules.bounds().allowedLateness(),
                left.granule().toMillis(),
                right.granule().toMillis());
    }

    private static long shorter(@Nullable Duration one, @Nullable Duration other) {
        return Math.min(millis(one), millis(other));
    }

    private static long millis(@Nullable Duration duration) {
        return duration == null ? Bounds.NEVER : duration.toMillis();
    }

    /** Keys are compared as they are encoded. */
    private static void checkKeyCoders(Coder<?> left, Coder<?> right) {
        checkArgument(left.equals(right), "keys must have one coder on both sides, but have %s and %s", left, right);
        try {
            left.verifyDeterministic();
        } catch (NonDeterministicException e) {
            throw new IllegalArgumentException("the coder of keys must be deterministic: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked") // the coder of a PCollection of such elements is of such
    private static <KeyT, T> KvCoder<KeyT, T> coder(String name, PCollection<KV<KeyT, T>> elements) {
        Coder<?> coder = elements.getCoder();
        checkArgument(coder instanceof KvCoder, "%s elements must have a coder of KvCoder, but have %s", name, coder);
        return (KvCoder<KeyT, T>) coder;
    }

    private static <KeyT, T> PCollection<KV<Integer, byte[]>> batches(
            String name, PCollection<KV<KeyT, T>> elements, Side side, KvCoder<KeyT, T> coder) {
        return elements.apply(name + "Global", GlobalWindowing.of())
                .apply(name, ParDo.of(new BatchFn<KeyT, T>(side, coder.getKeyCoder(), coder.getValueCoder())))
                .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()));
    }
}
