package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.io.s3.S3Settings;
import io.millrace.io.sink.Sinks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A router: what it reads, its routes, and where the events go that a route could not process.
 *
 * <p>Every value is parsed and checked, and every default filled in. {@link #json()} is text again.
 */
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
                        "isolated makes every route a job of its own, so that one route's trouble never reaches another.",
                byDefault = "isolated")
        Isolation isolation,

        @Setting("Where the events come from, and how they get their times.")
        SourceSpec source,

        @Setting("What goes where: at least one route, each with a name of its own. Every route sees every event.")
        @NamedItems
        List<RouteSpec> routes,

        @Setting(
                "Where S3 is, for every sink s3 of the job. Credentials come from the default chain of AWS on each worker, never from"
                        + " a spec. Without it, the region comes from that chain too.")
        @Nullable S3Settings s3,

        @Setting(
                value =
                        "The sink of what could not be processed, with its reason and its original bytes. Must be given for a "
                                + "cluster.",
                byDefault = DEFAULT_DEAD_LETTERS,
                example = "{files: {path: out/dead-letters}}")
        SinkSpec<?> deadLetters) {

    /** The version of the format that this reads. */
    public static final int VERSION = 1;

    /** Where dead letters go unless a spec says otherwise, with the pipeline's name. */
    static final String DEFAULT_DEAD_LETTERS = "{files: {path: out/<name>/dead-letters}}";

    public RouterSpec {
        routes = List.copyOf(routes);
        checkArgument(version == VERSION, "version must be %s, but was %s", VERSION, version);
        Names.check(name);
        checkArgument(!routes.isEmpty(), "routes must not be empty");
        List<String> names = routes.stream().map(RouteSpec::name).toList();
        checkArgument(
                names.stream().distinct().count() == names.size(), "routes must differ in name, but were %s", names);
    }

    /** The names of the routes, in their order. */
    public List<String> routeNames() {
        return routes.stream().map(RouteSpec::name).toList();
    }

    /** The same, reading another source. */
    public RouterSpec withSource(SourceSpec source) {
        return new RouterSpec(version, name, isolation, source, routes, s3, deadLetters);
    }

    /** The same, with other routes. */
    public RouterSpec withRoutes(List<RouteSpec> routes) {
        return new RouterSpec(version, name, isolation, source, routes, s3, deadLetters);
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
     * What identifies what the source reads, and how: as {@link #specVersion()}, over the source alone and without where a read
     * begins that has no state.
     */
    public String sourceVersion() {
        return Plain.sha256Start(Plain.canonicalJson(
                Forms.of(Sinks.byName()).record(SourceSpec.class).plain(source.withoutStart())));
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
