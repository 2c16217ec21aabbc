package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import io.millrace.io.config.Setting;
import io.millrace.io.kafka.KafkaStop;
import io.millrace.io.s3.S3Settings;
import io.millrace.io.sink.Sinks;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A router: what it reads, its routes, and where the events go that a route could not process.
 *
 * <p>Every value is parsed and checked, and every default filled in. {@link #json()} is text again.
 */
@OneOf({"source", "sources"})
public record RouterSpec(
        @Setting(value = "The version of the spec's format.", byDefault = "1")
        @Between(least = 1, most = RouterSpec.VERSION)
        int version,

        @Setting(
                value = "The pipeline's name, of lower-case letters, digits and '-': the prefix of every step name, so "
                        + "a pipeline that is to keep its state keeps its name.",
                example = "play-events")
        @Name
        String name,

        @Setting(
                value =
                        "isolated makes every route a job of its own, so that one route's trouble never reaches another; shared"
                                + " makes all routes one job, which reads once for all of them.",
                byDefault = "isolated")
        Isolation isolation,

        @Setting(
                value =
                        "Which routes get an event: all that take it; or, where routes share a job, the first that does, in their"
                                + " order, so that a last route without filter gets the rest. An event on which an expression of a route fails is"
                                + " kept by that route, as its dead letter; with onError: drop it goes on to the next.",
                byDefault = "all")
        Match match,

        @Setting("Where the events come from, and how they get their times.") @Nullable SourceSpec source,

        @Setting(
                value =
                        "Instead of source, several of them, each written like it, by names of lower-case letters, digits and"
                                + " '-'. A route says in from which of them it reads. Unless it is given, a source's groupId is"
                                + " millrace-<name>-<source>.",
                example = "{plays: {kafka: {bootstrapServers: localhost:9092, topics: [play_events]}},"
                        + " backfill: {files: {path: data/plays}}}")
        @Name
        @Nullable Map<String, SourceSpec> sources,

        @Setting(
                value =
                        "Two of the sources joined by event time, hours apart and out of order, by names of lower-case letters, digits and"
                                + " '-'. A route reads the results as it does a source, by the join's name in its from: documents with"
                                + " stage (complete, early, correction or retraction), key, left (count, first, last and list) and right,"
                                + " which is not there where a left event is alone.",
                example =
                        "{conversions: {left: {from: impressions, key: event.title_id}, right: {from: plays, key: event.title_id,"
                                + " looksBack: PT4H}}}")
        @Name
        @Nullable Map<String, JoinSpec> joins,

        @Setting(
                value =
                        "What keys are, kept up to date from events and put right by full publishes, by names of lower-case letters, digits"
                                + " and '-'. A route reads a view as it does a source, by its name in from: for each key that has changed a"
                                + " document with version, key and items, or none where the key is removed. The view's key is that of the"
                                + " record, document or value that is written.",
                example = "{locations: {changes: [{from: assets, key: event.movie_id, item: event.appliance}]}}")
        @Name
        @Nullable Map<String, ViewSpec> views,

        @Setting("What goes where: at least one route, each with a name of its own.") @NamedItems
        List<RouteSpec> routes,

        @Setting(
                "Where the events of a route wait that shares a job while its sink does not keep up, so that the other routes go on.")
        @Nullable ParkingSpec parking,

        @Setting(
                "Where S3 is, for every sink s3 of the job. Credentials come from the default chain of AWS on each worker, never from"
                        + " a spec. Without it, the region comes from that chain too.")
        @Nullable S3Settings s3,

        @Setting(
                value =
                        "The sink of what could not be processed, with its reason and the bytes that its step was given. Must be given for a "
                                + "cluster.",
                byDefault = DEFAULT_DEAD_LETTERS,
                example = "{files: {path: out/dead-letters}}")
        SinkSpec<?> deadLetters) {

    /** The version of the format that this reads. */
    public static final int VERSION = 1;

    /** Where dead letters go unless a spec says otherwise, with the pipeline's name. */
    static final String DEFAULT_DEAD_LETTERS = "{files: {path: out/<name>/dead-letters}}";

    /** The name of a source that is the only one, and has no name of its own. */
    public static final String ONLY_SOURCE = "source";

    public RouterSpec {
        routes = List.copyOf(routes);
        sources = sources == null ? null : ImmutableSortedMap.copyOf(sources);
        joins = joins == null ? null : ImmutableSortedMap.copyOf(joins);
        views = views == null ? null : ImmutableSortedMap.copyOf(views);
        checkArgument(version == VERSION, "version must be %s, but was %s", VERSION, version);
        Names.check(name);
        checkArgument((source == null) != (sources == null), "spec must have exactly one of source, sources");
        checkArgument(sources == null || !sources.isEmpty(), "sources must not be empty, but was %s", sources);
        checkArgument(!routes.isEmpty(), "routes must not be empty");
        List<String> names = routes.stream().map(RouteSpec::name).toList();
        checkArgument(
                names.stream().distinct().count() == names.size(), "routes must differ in name, but were %s", names);
    }

    /** The names of the routes, in their order. */
    public List<String> routeNames() {
        return routes.stream().map(RouteSpec::name).toList();
    }

    /** Whether all routes are one job. */
    public boolean isShared() {
        return isolation == Isolation.SHARED;
    }

    /** Whether a run of it ends: what it reads does. */
    public boolean ends() {
        return namedSources().values().stream().allMatch(SourceSpec::ends);
    }

    /** What it reads, by name and in the order of the names; {@link #ONLY_SOURCE} is the name of what is written without one. */
    public Map<String, SourceSpec> namedSources() {
        return sources == null ? Map.of(ONLY_SOURCE, requireNonNull(source)) : sources;
    }

    /** What it joins, by name and in the order of the names. */
    public Map<String, JoinSpec> namedJoins() {
        return joins == null ? Map.of() : joins;
    }

    /** What keys are, by name and in the order of the names. */
    public Map<String, ViewSpec> namedViews() {
        return views == null ? Map.of() : views;
    }

    /** What is made of sources, by name: joins, then views. */
    public Map<String, DerivedSource> derivedSources() {
        Map<String, DerivedSource> derived = new LinkedHashMap<>(namedJoins());
        derived.putAll(namedViews());
        return derived;
    }

    /** Whether a route reads a source, by itself or by what is made of it. */
    public boolean reads(RouteSpec route, String source) {
        return route.reads(source) || derivedSourcesOf(route).anyMatch(derived -> derived.reads(source));
    }

    private Stream<DerivedSource> derivedSourcesOf(RouteSpec route) {
        return derivedSources().entrySet().stream()
                .filter(derived -> derived.getValue().isReadBy(route, derived.getKey()))
                .map(Map.Entry::getValue);
    }

    private Stream<Map.Entry<String, JoinSpec>> joinsOf(RouteSpec route) {
        return namedJoins().entrySet().stream().filter(join -> join.getValue().isReadBy(route, join.getKey()));
    }

    /** Whether the results of a route come in the order of what it reads. */
    public boolean keepsOrder(RouteSpec route) {
        return route.keepsOrder() && !readsDerived(route);
    }

    /** Whether a route reads what was made of sources, and not what was read. */
    public boolean readsDerived(RouteSpec route) {
        return derivedSourcesOf(route).findAny().isPresent();
    }

    /** Whether a route reads a view. */
    public boolean readsViews(RouteSpec route) {
        return derivedSourcesOf(route).anyMatch(ViewSpec.class::isInstance);
    }

    /** Whether a route reads results of a join of which another may take the place. */
    public boolean readsResultsOnMatch(RouteSpec route) {
        return joinsOf(route).anyMatch(join -> join.getValue().emit() == Emit.MATCH);
    }

    /** Where a source stands in the spec. */
    public String pathOf(String source) {
        return sources == null ? source : Words.key("sources", source);
    }

    /** What a route reads, by name. */
    public Map<String, SourceSpec> sourcesOf(RouteSpec route) {
        return Maps.filterKeys(namedSources(), source -> reads(route, source));
    }

    /** Where the changelogs of a route end that is read from these sources: where its events do. */
    public KafkaStop stopOf(RouteSpec route) {
        Collection<SourceSpec> read = sourcesOf(route).values();
        if (!read.stream().allMatch(SourceSpec::ends)) {
            return KafkaStop.NEVER;
        }
        return read.stream()
                .flatMap(source -> source.stopTime().stream())
                .max(Comparator.naturalOrder())
                .map(KafkaStop::at)
                .orElse(KafkaStop.END);
    }

    /** The same, reading other sources in the place of its own. */
    public RouterSpec mappingSources(UnaryOperator<SourceSpec> other) {
        return new RouterSpec(
                version,
                name,
                isolation,
                match,
                source == null ? null : other.apply(source),
                sources == null ? null : Maps.transformValues(sources, other::apply),
                joins,
                views,
                routes,
                parking,
                s3,
                deadLetters);
    }

    /** The same, writing to other sinks in the place of its own, and with nothing else that it would write: it parks no events, and views answer nobody. */
    public RouterSpec writingOnlyTo(Function<RouteSpec, SinkSpec<?>> ofRoute, SinkSpec<?> ofDeadLetters) {
        return new RouterSpec(
                version,
                name,
                isolation,
                match,
                source,
                sources,
                joins,
                views == null ? null : Maps.transformValues(views, ViewSpec::withoutControl),
                routes.stream()
                        .map(route -> route.withSink(ofRoute.apply(route)))
                        .toList(),
                null,
                s3,
                ofDeadLetters);
    }

    /** The same with some of its routes alone, and what they read. */
    public RouterSpec withRoutes(List<RouteSpec> routes) {
        return reading(routes, routes);
    }

    /** The same with what one route reads alone. */
    public RouterSpec readingForAlone(RouteSpec route) {
        return reading(routes, List.of(route));
    }

    private RouterSpec reading(List<RouteSpec> routes, List<RouteSpec> readers) {
        return new RouterSpec(
                version,
                name,
                isolation,
                match,
                source,
                sources == null
                        ? null
                        : Maps.filterKeys(sources, read -> readers.stream().anyMatch(reader -> reads(reader, read))),
                readBy(readers, joins),
                readBy(readers, views),
                routes,
                parking,
                s3,
                deadLetters);
    }

    private static <T extends DerivedSource> @Nullable Map<String, T> readBy(
            List<RouteSpec> readers, @Nullable Map<String, T> derived) {
        return derived == null
                ? null
                : Maps.filterEntries(
                        derived,
                        one -> readers.stream()
                                .anyMatch(reader -> one.getValue().isReadBy(reader, one.getKey())));
    }

    /**
     * The whole spec as one JSON document that needs no other file, with the fields of projections in their order; secrets stay
     * references. It reads back to an equal spec.
     */
    public String json() {
        return Plain.orderedJson(plain());
    }

    /** The same with all keys sorted, after RFC 8785. */
    public String canonicalJson() {
        return Plain.canonicalJson(plain());
    }

    /** What identifies this version of the spec: the first 16 hexadecimal digits of the SHA-256 of {@link #canonicalJson()}. */
    public String specVersion() {
        return Plain.sha256Start(canonicalJson());
    }

    /**
     * What identifies what is read, and how: as {@link #specVersion()}, over the sources and the changelogs of routes alone, and without
     * where a read begins that has no state.
     */
    public String sourceVersion() {
        RecordForm<SourceSpec> form = Forms.of(Sinks.byName()).record(SourceSpec.class);
        Object plain = source == null
                ? Maps.transformValues(namedSources(), one -> form.plain(one.withoutStart()))
                : form.plain(source.withoutStart());
        List<Object> changelogs = changelogs();
        return Plain.sha256Start(Plain.canonicalJson(changelogs.isEmpty() ? plain : List.of(plain, changelogs)));
    }

    private List<Object> changelogs() {
        RecordForm<ChangelogSpec> form = Forms.of(Sinks.byName()).record(ChangelogSpec.class);
        return routes.stream()
                .flatMap(route -> route.lookups().stream())
                .flatMap(lookup -> Optional.ofNullable(lookup.changelog()).stream())
                .<Object>map(changelog -> form.plain(changelog.asItIsRead()))
                .toList();
    }

    /** Specs are equal that have the same canonical JSON, and so the same version. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RouterSpec that && canonicalJson().equals(that.canonicalJson());
    }

    @Override
    public int hashCode() {
        return canonicalJson().hashCode();
    }

    private Object plain() {
        return Forms.of(Sinks.byName()).router().plain(this);
    }
}
