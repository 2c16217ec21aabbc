package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.bulkhead.InFlight;
import io.millrace.io.bulkhead.OnSlow;
import io.millrace.io.config.Setting;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Projection;
import io.millrace.transforms.expression.TextExpression;
import io.millrace.transforms.router.Route.OnError;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One route: which events it takes, what it makes of them, and where they go. Without a projection and a script, bytes pass unchanged. */
public record RouteSpec(
        @Setting(
                value =
                        "The route's name, of lower-case letters, digits and '-'; part of its step names, object names and "
                                + "metrics.",
                example = "long-plays")
        @Name
        String name,

        @Setting(
                value =
                        "Which of the sources the route reads; or one of the joins or views, and nothing else. Without it, all sources; where"
                                + " there are joins or views, it must be given.",
                example = "[plays]")
        @Nullable List<String> from,

        @Setting(
                value = "Which events the route takes: an expression that is true or false. Without it, all.",
                example = "'event.duration_s > 60 && event.country in [\"US\", \"CA\"]'")
        @Nullable Filter filter,

        @Setting(
                "What is looked up for each event that the filter takes, and put into its document, one after the other: projection,"
                        + " script and key of the route, and the keys of later lookups, see it. Those with beforeFilter come first,"
                        + " wherever they stand, and the filter sees them alone.")
        @Nullable List<EnrichSpec> enrich,

        @Setting(
                value =
                        "What the route makes of an event: a mapping of output field to expression, in the order of output; "
                                + "or a list of fields to keep, where they were, of which those missing are left out. Without it, "
                                + "and without a script, the event's bytes pass on unchanged.",
                example = "{profile_id: event.profile_id, minutes: event.duration_s / 60.0}")
        @Nullable ProjectSpec project,

        @Setting(
                value =
                        "What the route's script makes of an event that the filter took, as the projection made it. What it"
                                + " filters out goes to no other route. The key is of the event as it was read.",
                example = "{file: play-minutes.js}")
        @Nullable ScriptSpec script,

        @Setting(
                value =
                        "What becomes of an event for which an expression fails: deadLetter, or drop, which counts it as "
                                + "filtered. One for which a script fails is a dead letter in any case.",
                byDefault = "deadLetter")
        OnError onError,

        @Setting(
                value =
                        "The key of the record or document that is written: an expression. Without it, the event's own key.",
                example = "event.profile_id")
        @Nullable TextExpression key,

        @Setting(
                value =
                        "Whether the route is the archive of a source of Kafka: it writes every record that is read, whole and as it was, for jobs"
                                + " that have to read again what Kafka has deleted. It has nothing but from and its sink, which is files or s3"
                                + " without a window, into the folder that the source says in kafka.archive.",
                example = "true")
        @Nullable Boolean archive,

        @Setting(value = "Where the route's events go: a sink's name with its settings.", example = "{console: {}}")
        SinkSpec<?> sink,

        @Setting(
                "The route's share of a shared job: what may be on its way to its sink at a time, in each task. When it is used up,"
                        + " the task waits for room; where that takes more than half a second, the sink is slow, and onSlow says what"
                        + " becomes of the route.")
        @Nullable InFlight inFlight,

        @Setting(
                value =
                        "What becomes of the route in a shared job while its sink is slow or down: park lets its events wait in the"
                                + " topic that parking says, in order, and the other routes go on; block makes the whole job wait; fail"
                                + " makes it begin again from its last checkpoint. Sinks files and s3 keep their events in the job's state"
                                + " instead, and a sink console makes the job wait, whatever this says. A run that ends blocks instead of"
                                + " parking. Without it, park where parking is given, else block.",
                example = "park")
        @Nullable OnSlow onSlow) {

    public RouteSpec {
        from = from == null ? null : List.copyOf(from);
        enrich = enrich == null ? null : List.copyOf(enrich);
        Names.check(name);
        checkArgument(
                enrich == null
                        || enrich.stream().map(EnrichSpec::into).distinct().count() == enrich.size(),
                "enrich must put each answer into a field of its own, but was into %s",
                enrich == null
                        ? List.of()
                        : enrich.stream().map(EnrichSpec::into).toList());
        checkArgument(from == null || !from.isEmpty(), "from must not be empty, but was %s", from);
        checkArgument(from == null || Set.copyOf(from).size() == from.size(), "from must differ, but was %s", from);
    }

    /** The same without what comes behind the filter and decides over nothing: lookups and a script. */
    public RouteSpec deciding() {
        return new RouteSpec(name, from, filter, null, project, null, onError, key, archive, sink, inFlight, onSlow);
    }

    /** The same, writing to another sink. */
    RouteSpec withSink(SinkSpec<?> other) {
        return new RouteSpec(
                name, from, filter, enrich, project, script, onError, key, archive, other, inFlight, onSlow);
    }

    /** What is looked up for its events; nothing where it says nothing. */
    public List<EnrichSpec> lookups() {
        return enrich == null ? List.of() : enrich;
    }

    /** Whether anything is looked up for its events. */
    public boolean looksUp() {
        return !lookups().isEmpty();
    }

    /** Whether somebody is asked for its events. */
    public boolean asks() {
        return lookups().stream().anyMatch(EnrichSpec::asks);
    }

    /** Whether its events wait for what is held in memory. */
    public boolean holds() {
        return lookups().stream().anyMatch(lookup -> lookup.table() != null);
    }

    /** Whether it is the archive of what it reads. */
    public boolean isArchive() {
        return Boolean.TRUE.equals(archive);
    }

    /** Whether its results come in the order of what it reads; where events wait for a changelog, they come in that of their times. */
    public boolean keepsOrder() {
        return lookups().stream().allMatch(lookup -> lookup.changelog() == null);
    }

    /** Whether it reads a source, by its name. */
    public boolean reads(String source) {
        return from == null || from.contains(source);
    }

    /** The projection, or null where bytes pass unchanged. */
    public @Nullable Projection projection() {
        return project == null ? null : project.projection();
    }
}
