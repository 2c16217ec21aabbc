package io.millrace.transforms.view;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.GlobalWindowing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * A view of what keys are, kept up to date from events and put right by full publishes; told at intervals, and again when that is asked for.
 *
 * <p>A key has items, each with a name, that a {@link Fold} adds and removes; what a key is are the items that are there. Of an item the change of
 * the highest version counts, whatever comes first: so a late change that is older than what is known changes nothing, and a rerun gives the same.
 * Of one version a removal counts more than an addition, and either more than a full publish.
 *
 * <p>A full publish says of one version what all keys are. It counts when all of it has come, of each key at once: until then a key is what
 * it was, with the changes since. What the publish did not have, and what no newer change has added, is removed then. One that breaks off never counts; one
 * with entries that cannot be used removes nothing.
 *
 * <p><i>Shape</i>: a {@code PCollection} of any events, bounded or not, to {@link MaterializedView}. Windows do not count: what comes out is in the
 * global window.
 *
 * <p><i>Time</i>: the clock of the runner. A key is told when the interval ({@link #every}) ends in which it has changed, even if it is again what it was
 * when it was told last; intervals of different shards end at different moments. What a full publish changes is told at the rate of flushes ({@link
 * #withFlushRate}), and what is told has the time at which it is told. Where a task is behind, and changes come, they go first: what publishes and requests do waits then, up
 * to ten seconds for each step. Where all input ends, what is left is told then.
 *
 * <p><i>State</i>: keys are spread over 1,024 shards, which bounds the parallelism. Of each key its items, and for {@link #withRetention} those that are not
 * there any more: of as many as a key may have, those of the highest versions. After that, nothing is known of what was removed, and an older change
 * would bring it back; but for what is older than the last complete publish. While a publish comes, what it has is kept beside that.
 *
 * <p><i>Guarantee</i>: what was told last of a key is what all events and publishes make of it. After a failure a key may be told again as it
 * was after the last checkpoint, and then as it is; of one key the versions that are told fall only there. A request ({@link #withRequests}) goes on where it was.
 *
 * <p><i>Fails</i>: an event of which the fold cannot say what it changes, or whose key would have more than {@link #withKeyLimit}, is refused. What
 * else a fold throws fails the bundle. A publish that cannot be read is tried again for ten minutes, and begun anew after that.
 *
 * <pre>{@code
 * MaterializedView<Asset, String> view = assets.apply(Materialize.<Asset, String>by(
 *                 (asset, version, changes) -> changes.add(asset.movie(), asset.appliance(), asset.path(), version),
 *                 StringUtf8Coder.of())
 *         .every(Duration.ofSeconds(1)));
 * }</pre>
 */
public final class Materialize<EventT, ItemT> extends PTransform<PCollection<EventT>, MaterializedView<EventT, ItemT>> {
    private static final long serialVersionUID = 1;

    /** How long changes of a key are put together, if nothing else is said. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

    /** How many keys a second are told again at most, if nothing else is said. */
    public static final double DEFAULT_FLUSH_RATE = 10_000;

    /** How many entries a second are read of a full publish at most, if nothing else is said. */
    public static final double DEFAULT_PUBLISH_RATE = 20_000;

    /** How long it is remembered that an item is not there any more, if nothing else is said. */
    public static final Duration DEFAULT_RETENTION = Duration.ofDays(1);

    /** How many items a key has at most, if nothing else is said. */
    public static final int DEFAULT_KEY_ITEMS = 10_000;

    /** How many bytes the items of a key have at most, if nothing else is said. */
    public static final int DEFAULT_KEY_BYTES = 1 << 20;

    private static final Duration TRIED_FOR = Duration.ofMinutes(10);
    private static final org.joda.time.Duration BETWEEN_TICKS = org.joda.time.Duration.standardSeconds(5);
    private static final KvCoder<Integer, byte[]> MESSAGES = KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of());
    private static final String NAMESPACE = "millrace.view";

    private final Fold<EventT, ItemT> fold;
    private final Coder<ItemT> item;
    private final ViewSettings settings;
    private final transient @Nullable Publishing<EventT, ItemT> publishing;
    private final transient @Nullable PCollection<ViewRequest> requests;
    private final String namespace;

    /** Where full publishes come from, and when they begin; by ticks where these are given. */
    private record Publishing<EventT, ItemT>(
            FullPublish<EventT> from,
            Fold<EventT, ItemT> fold,
            PublishSettings settings,
            @Nullable PCollection<Long> ticks) {
        Publishing<EventT, ItemT> with(PublishSettings other) {
            return new Publishing<>(from, fold, other, ticks);
        }
    }

    private Materialize(
            Fold<EventT, ItemT> fold,
            Coder<ItemT> item,
            ViewSettings settings,
            @Nullable Publishing<EventT, ItemT> publishing,
            @Nullable PCollection<ViewRequest> requests,
            String namespace) {
        this.fold = fold;
        this.item = item;
        this.settings = settings;
        this.publishing = publishing;
        this.requests = requests;
        this.namespace = namespace;
    }

    /**
     * A view that a fold makes.
     *
     * @param fold what events change
     * @param item the coder of items; two are the same that it encodes alike
     */
    public static <EventT, ItemT> Materialize<EventT, ItemT> by(Fold<EventT, ItemT> fold, Coder<ItemT> item) {
        ViewSettings settings = new ViewSettings(
                DEFAULT_INTERVAL.toMillis(),
                DEFAULT_FLUSH_RATE,
                DEFAULT_RETENTION.toMillis(),
                new KeyItems.Limits(DEFAULT_KEY_ITEMS, DEFAULT_KEY_BYTES));
        return new Materialize<>(fold, item, settings, null, null, NAMESPACE);
    }

    /** The same, told at such intervals. */
    public Materialize<EventT, ItemT> every(Duration interval) {
        checkArgument(interval.toMillis() >= 1, "interval must be at least a millisecond, but was %s", interval);
        return with(new ViewSettings(
                interval.toMillis(), settings.keysPerSecond(), settings.retentionMillis(), settings.limits()));
    }

    /**
     * The same, with so many keys a second told again at most, on request and after a full publish; infinite for no limit. What is of all keys looks for them
     * first, 100,000 a second.
     */
    public Materialize<EventT, ItemT> withFlushRate(double keysPerSecond) {
        checkArgument(keysPerSecond > 0, "keysPerSecond must be more than 0, but was %s", keysPerSecond);
        return with(
                new ViewSettings(settings.everyMillis(), keysPerSecond, settings.retentionMillis(), settings.limits()));
    }

    /** The same, remembering for so long that an item is not there any more; it must be longer than a full publish takes. */
    public Materialize<EventT, ItemT> withRetention(Duration retention) {
        checkArgument(retention.toMillis() >= 1, "retention must be at least a millisecond, but was %s", retention);
        return with(new ViewSettings(
                settings.everyMillis(), settings.keysPerSecond(), retention.toMillis(), settings.limits()));
    }

    /** The same, with keys of so many items, and so many bytes, at most. */
    public Materialize<EventT, ItemT> withKeyLimit(int items, int bytes) {
        checkArgument(items >= 1, "items must be at least 1, but was %s", items);
        checkArgument(bytes >= 1, "bytes must be at least 1, but was %s", bytes);
        return with(new ViewSettings(
                settings.everyMillis(),
                settings.keysPerSecond(),
                settings.retentionMillis(),
                new KeyItems.Limits(items, bytes)));
    }

    /**
     * The same, put right by full publishes: one at the start, and more on request ({@link ViewRequest.Kind#PUBLISH}).
     *
     * @param from where they come from
     * @param ofEntries what an entry adds; the version is that of the publish, whatever it says
     */
    public Materialize<EventT, ItemT> withFullPublish(FullPublish<EventT> from, Fold<EventT, ItemT> ofEntries) {
        PublishSettings begun =
                new PublishSettings(ShardStatus.NEVER, 0, DEFAULT_PUBLISH_RATE, TRIED_FOR.toMillis(), false);
        return with(new Publishing<>(from, ofEntries, begun, null));
    }

    /** The same, with a full publish that begins so long after the one before began. */
    public Materialize<EventT, ItemT> publishingEvery(Duration interval) {
        checkArgument(interval.toMillis() >= 1, "interval must be at least a millisecond, but was %s", interval);
        PublishSettings now = publishing().settings();
        return with(publishing()
                .with(new PublishSettings(
                        interval.toMillis(), now.lagMillis(), now.entriesPerSecond(), now.giveUpMillis(), false)));
    }

    /**
     * The same, with full publishes that may lack what has changed in the last time before they began. The version of a publish that does not
     * say one itself is then the time when it began, less this: so that what it lacks is newer than it.
     */
    public Materialize<EventT, ItemT> withPublishLag(Duration lag) {
        checkArgument(!lag.isNegative(), "lag must be at least 0, but was %s", lag);
        PublishSettings now = publishing().settings();
        return with(publishing()
                .with(new PublishSettings(
                        now.everyMillis(), lag.toMillis(), now.entriesPerSecond(), now.giveUpMillis(), false)));
    }

    /** The same, with so many entries a second read of a full publish at most; infinite for no limit. */
    public Materialize<EventT, ItemT> withPublishRate(double entriesPerSecond) {
        checkArgument(entriesPerSecond > 0, "entriesPerSecond must be more than 0, but was %s", entriesPerSecond);
        PublishSettings now = publishing().settings();
        return with(publishing()
                .with(new PublishSettings(
                        now.everyMillis(), now.lagMillis(), entriesPerSecond, now.giveUpMillis(), false)));
    }

    /** The same, with these in the place of the clock that looks every five seconds whether a publish is to begin. */
    Materialize<EventT, ItemT> publishingBy(PCollection<Long> ticks) {
        Publishing<EventT, ItemT> now = publishing();
        return with(new Publishing<>(now.from(), now.fold(), now.settings(), ticks));
    }

    private Publishing<EventT, ItemT> publishing() {
        checkArgument(publishing != null, "withFullPublish must come before what is said of full publishes");
        return publishing;
    }

    /** The same, doing what is asked of it. */
    public Materialize<EventT, ItemT> withRequests(PCollection<ViewRequest> requests) {
        return new Materialize<>(fold, item, settings, publishing, requests, namespace);
    }

    /** The same, with counters of this namespace: {@code view_outdated}, {@code view_unfoldable}, {@code view_over_limit} and so on. */
    public Materialize<EventT, ItemT> named(String namespace) {
        checkArgument(!namespace.isEmpty(), "namespace must not be empty");
        return new Materialize<>(fold, item, settings, publishing, requests, namespace);
    }

    private Materialize<EventT, ItemT> with(ViewSettings other) {
        return new Materialize<>(fold, item, other, publishing, requests, namespace);
    }

    private Materialize<EventT, ItemT> with(Publishing<EventT, ItemT> other) {
        return new Materialize<>(fold, item, settings, other, requests, namespace);
    }

    @Override
    public MaterializedView<EventT, ItemT> expand(PCollection<EventT> events) {
        Coder<EventT> event = events.getCoder();
        ViewTags<EventT, ItemT> tags = new ViewTags<>();
        ViewMetrics metrics = new ViewMetrics(namespace);
        List<PCollection<KV<Integer, byte[]>>> messages = new ArrayList<>();
        List<PCollection<Refused<EventT>>> refused = new ArrayList<>();

        PCollectionTuple folded = events.apply("Global", GlobalWindowing.of())
                .apply(
                        "Fold",
                        ParDo.of(new FoldFn<>(fold, event, item, tags, metrics))
                                .withOutputTags(tags.messages(), TupleTagList.of(tags.refused())));
        add(folded, tags, messages, refused, event);
        if (publishing != null) {
            add(published(events, publishing, event, tags, metrics), tags, messages, refused, event);
        }
        if (requests != null) {
            messages.add(requests.apply("Requests", GlobalWindowing.of())
                    .apply("Share", ParDo.of(new ShareFn()))
                    .setCoder(MESSAGES));
        }
        PCollectionTuple told = PCollectionList.of(messages)
                .apply("Messages", Flatten.pCollections())
                .apply(
                        "Materialize",
                        ParDo.of(new MaterializeFn<>(settings, event, item, tags, metrics))
                                .withOutputTags(
                                        tags.updates(),
                                        TupleTagList.of(tags.answers()).and(tags.refused())));
        refused.add(told.get(tags.refused()).setCoder(RefusedCoder.of(event)));
        return new MaterializedView<>(
                tags,
                told.get(tags.updates()).setCoder(KvCoder.of(StringUtf8Coder.of(), ViewUpdateCoder.of(item))),
                told.get(tags.answers()).setCoder(ViewAnswerCoder.of(item)),
                PCollectionList.of(refused).apply("Refused", Flatten.pCollections()));
    }

    private static <EventT, ItemT> void add(
            PCollectionTuple outputs,
            ViewTags<EventT, ItemT> tags,
            List<PCollection<KV<Integer, byte[]>>> messages,
            List<PCollection<Refused<EventT>>> refused,
            Coder<EventT> event) {
        messages.add(outputs.get(tags.messages()).setCoder(MESSAGES));
        refused.add(outputs.get(tags.refused()).setCoder(RefusedCoder.of(event)));
    }

    private PCollectionTuple published(
            PCollection<EventT> events,
            Publishing<EventT, ItemT> publishing,
            Coder<EventT> event,
            ViewTags<EventT, ItemT> tags,
            ViewMetrics metrics) {
        boolean ends = events.isBounded() == IsBounded.BOUNDED;
        PublishSettings settings = publishing.settings();
        PublishSettings read = new PublishSettings(
                settings.everyMillis(),
                settings.lagMillis(),
                settings.entriesPerSecond(),
                settings.giveUpMillis(),
                ends);
        return calls(events, publishing.ticks(), ends)
                .apply(
                        "Publish",
                        ParDo.of(new PublishFn<>(
                                        publishing.from(), publishing.fold(), read, event, item, tags, metrics))
                                .withOutputTags(tags.messages(), TupleTagList.of(tags.refused())));
    }

    /** A tick now and then, and each request for a publish. */
    private PCollection<KV<Integer, Boolean>> calls(
            PCollection<EventT> events, @Nullable PCollection<Long> ticks, boolean ends) {
        PCollection<Long> regular = ticks == null ? events.getPipeline().apply("Ticks", ticks(ends)) : ticks;
        PCollection<KV<Integer, Boolean>> calls = regular.apply("Tick", ParDo.of(new CallFns.TickFn()))
                .setCoder(KvCoder.of(VarIntCoder.of(), BooleanCoder.of()));
        if (requests == null) {
            return calls;
        }
        PCollection<KV<Integer, Boolean>> asked = requests.apply("PublishRequests", GlobalWindowing.of())
                .apply("Request", ParDo.of(new CallFns.RequestFn()))
                .setCoder(calls.getCoder());
        return PCollectionList.of(calls).and(asked).apply("Calls", Flatten.pCollections());
    }

    private static PTransform<PBegin, PCollection<Long>> ticks(boolean ends) {
        return ends ? Create.of(0L) : GenerateSequence.from(0).withRate(1, BETWEEN_TICKS);
    }
}
