package io.millrace.devinterface.spec;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.Sets;
import io.millrace.devinterface.spec.Reading.Part;
import io.millrace.devinterface.spec.Value.Fields;
import io.millrace.io.bulkhead.OnSlow;
import io.millrace.io.kafka.KafkaParking;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold between the routes of a spec, and between what they read, write and park. */
final class RouteRules {
    private final Reading reading;
    private final boolean isIsolated;
    private final boolean hasNames;
    private final Set<String> sources;
    private final Set<String> readable;
    private final Set<String> wrongDerived;
    private final boolean hasParking;

    private RouteRules(Value spec, Reading reading) {
        this.reading = reading;
        this.isIsolated = part(Isolation.class)
                .filter(part -> part.made() == Isolation.ISOLATED)
                .isPresent();
        this.hasNames = Rules.of(spec, "sources").isPresent();
        this.sources = hasNames ? names(Rules.of(spec, "sources")) : Set.of(RouterSpec.ONLY_SOURCE);
        this.readable = new TreeSet<>(sources);
        NamedDerived.in(reading).map(NamedDerived::outputs).forEach(readable::addAll);
        this.wrongDerived = wrongDerived(spec, reading);
        wrongDerived.forEach(
                derived -> readable.addAll(List.of(derived, JoinSpec.rates(derived), JoinSpec.traces(derived))));
        this.hasParking = Rules.of(spec, "parking").isPresent();
    }

    private static Set<String> names(Optional<Value> sources) {
        return sources.filter(Fields.class::isInstance).stream()
                .flatMap(fields -> ((Fields) fields).entries().stream())
                .map(Value.Entry::key)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Joins and views that could not be made, so that it is not known what they read. */
    private static Set<String> wrongDerived(Value spec, Reading reading) {
        Set<String> wrong = names(Rules.of(spec, "joins"));
        wrong.addAll(names(Rules.of(spec, "views")));
        NamedDerived.in(reading).map(NamedDerived::name).forEach(wrong::remove);
        return wrong;
    }

    /** Notes what does not hold. */
    static void check(Value spec, Reading reading) {
        RouteRules rules = new RouteRules(spec, reading);
        JoinRules.check(reading, rules.hasNames, rules.sources);
        ViewRules.check(reading, rules.hasNames, rules.sources, rules.areAllMade(spec));
        rules.checkMatch();
        rules.routes().forEach(rules::checkFrom);
        rules.routes().forEach(rules::checkOrigins);
        rules.routes().forEach(rules::checkShare);
        rules.routes().forEach(rules::checkKey);
        rules.routes().forEach(rules::checkEnds);
        ArchiveRules.check(reading);
        rules.checkAllSourcesAreRead(spec);
        rules.checkCycles();
        rules.checkParking();
        rules.checkControlTopics();
    }

    private void checkMatch() {
        Optional<Part> first = part(Match.class).filter(part -> part.made() == Match.FIRST);
        if (first.isEmpty()) {
            return;
        }
        if (isIsolated) {
            problem(
                    first.get(),
                    "match",
                    "must be all where routes are isolated, since each is a job of its own that sees every event");
            return;
        }
        Set<String> taken = new HashSet<>();
        for (Part part : routes()) {
            if (route(part).isArchive()) {
                continue; // it takes every event from none
            }
            checkFiltersAtOnce(part);
            Set<String> read = Sets.filter(readable, route(part)::reads);
            if (!taken.isEmpty() && taken.containsAll(read)) {
                problem(
                        part,
                        part.path(),
                        "can never get an event, since with match: first a route before it without filter takes them all: such a"
                                + " route must be the last");
            }
            if (route(part).filter() == null) {
                taken.addAll(read);
            }
        }
    }

    /** Which route is the first is known before anything is looked up. */
    private void checkFiltersAtOnce(Part part) {
        List<EnrichSpec> lookups = route(part).lookups();
        for (int i = 0; i < lookups.size(); i++) {
            if (lookups.get(i).beforeFilter()) {
                problem(
                        part,
                        Words.key(Words.index(Words.key(part.path(), "enrich"), i), "beforeFilter"),
                        "must be false with match: first, since which route an event goes to is decided by filters alone");
            }
        }
    }

    private void checkFrom(Part part) {
        List<String> from = route(part).from();
        String path = Words.key(part.path(), "from");
        if (from == null) {
            return;
        }
        if (!hasNames) {
            problem(part, path, "must not be given where there is one source, which every route reads");
            return;
        }
        for (int i = 0; i < from.size(); i++) {
            if (!readable.contains(from.get(i))) {
                problem(
                        part,
                        Words.index(path, i),
                        "unknown source " + Words.quoted(from.get(i)) + Words.hint(from.get(i), readable));
            }
        }
    }

    /** An event is known by where it came from, so that must not be the same for two events of a route. */
    private void checkOrigins(Part part) {
        String path = Words.key(part.path(), "from");
        checkFiles(part, path);
        List<Topic> topics = sourcesOf(part).flatMap(Topic::readFrom).toList();
        for (int i = 0; i < topics.size(); i++) {
            Topic topic = topics.get(i);
            if (topics.subList(0, i).stream().anyMatch(topic::isSameAs)) {
                problem(part, path, "must have each topic once, but has " + Words.quoted(topic.name()) + " repeatedly");
            }
        }
    }

    private void checkFiles(Part part, String path) {
        List<NamedSource> files =
                sourcesOf(part).filter(source -> source.spec().files() != null).toList();
        if (files.size() > 1 && !areToldApart(files)) {
            problem(
                    part,
                    path,
                    "must have sources of files that differ in files.stream, since a line is known by that and its file's path below"
                            + " the folder, but has "
                            + files.stream().map(NamedSource::path).collect(joining(", ")));
        }
    }

    /** A stream that goes on where another ends could be that with a folder. */
    private static boolean areToldApart(List<NamedSource> files) {
        List<String> streams = files.stream()
                .map(source -> requireNonNull(source.spec().files()).stream())
                .map(stream -> stream == null ? "" : stream + "/")
                .toList();
        return streams.stream()
                .noneMatch(one ->
                        streams.stream().filter(other -> other.startsWith(one)).count() > 1);
    }

    /** What a route reads of a view has that's key. */
    private void checkKey(Part part) {
        RouteSpec route = route(part);
        if (route.key() == null && !mayReadAView(route)) {
            route.sink()
                    .whyKeyed()
                    .ifPresent(why -> problem(part, Words.key(part.path(), "key"), "must be given, since " + why));
        }
    }

    private boolean mayReadAView(RouteSpec route) {
        return wrongDerived.stream().anyMatch(route::reads)
                || NamedDerived.in(reading)
                        .filter(derived -> derived.spec() instanceof ViewSpec)
                        .anyMatch(derived -> derived.spec().isReadBy(route, derived.name()));
    }

    private void checkShare(Part part) {
        RouteSpec route = route(part);
        if (isIsolated) {
            String problem = "must not be given where routes are isolated, since their sinks hold up no other route";
            if (route.inFlight() != null) {
                problem(part, Words.key(part.path(), "inFlight"), problem);
            }
            if (route.onSlow() != null) {
                problem(part, Words.key(part.path(), "onSlow"), problem);
            }
        } else if (route.onSlow() == OnSlow.PARK && !hasParking) {
            problem(
                    part,
                    Words.key(part.path(), "onSlow"),
                    "must be block or fail where the spec has no parking, but was park");
        }
    }

    /** A changelog is read as far as the events are: by a time, or all there is. */
    private void checkEnds(Part part) {
        boolean ends = sourcesOf(part).allMatch(source -> source.spec().ends());
        long kinds = sourcesOf(part)
                .map(source -> source.spec().stopTime().isPresent())
                .distinct()
                .count();
        if (!route(part).keepsOrder() && ends && kinds > 1) {
            problem(
                    part,
                    Words.key(part.path(), "enrich"),
                    "must not have a changelog where some sources of the route stop at a time and others at their end");
        }
    }

    /** Where each route could be made, so that it is known what they read. */
    private void checkAllSourcesAreRead(Value spec) {
        if (!areAllMade(spec) || !hasNames || !wrongDerived.isEmpty()) {
            return;
        }
        NamedSource.in(reading)
                .filter(source -> routes().stream().noneMatch(route -> isRead(route, source)))
                .filter(source -> NamedDerived.in(reading)
                        .noneMatch(derived -> derived.spec().reads(source.name())))
                .forEach(source -> problem(
                        source.part(), source.path(), "must be read by a route, but no route has it in its from"));
    }

    private boolean areAllMade(Value spec) {
        return Rules.of(spec, "routes")
                .filter(Value.Items.class::isInstance)
                .map(items -> ((Value.Items) items).values().size() == routes().size())
                .orElse(false);
    }

    /** What is written to where it was read from goes round for ever. */
    private void checkCycles() {
        for (Part part : routes()) {
            Topic.writtenBy(route(part).sink(), Words.key(part.path(), "sink"))
                    .ifPresent(written -> checkCycle(part, written, sourcesOf(part), "the route reads"));
        }
        reading.parts(SinkSpec.class).stream()
                .filter(part -> part.path().equals("deadLetters"))
                .forEach(part -> Topic.writtenBy((SinkSpec<?>) part.made(), part.path())
                        .ifPresent(written -> checkCycle(part, written, NamedSource.in(reading), "is read")));
    }

    private void checkCycle(Part part, Topic written, Stream<NamedSource> sources, String read) {
        sources.flatMap(Topic::readFrom)
                .filter(written::isSameAs)
                .forEach(topic -> problem(
                        part,
                        written.path(),
                        "must not be a topic that " + read + ", but " + Words.quoted(written.name()) + " is one of "
                                + topic.path()));
    }

    private void checkParking() {
        for (Part part : reading.parts(ParkingSpec.class)) {
            if (isIsolated) {
                problem(
                        part,
                        part.path(),
                        "must not be given where routes are isolated, since their sinks hold up no other route");
            }
            KafkaParking parking = ((ParkingSpec) part.made()).kafka();
            otherTopics()
                    .filter(topic -> topic.name().startsWith(parking.topic("")))
                    .filter(topic -> topic.isReachedBy(parking.bootstrapServers()))
                    .forEach(topic -> problem(
                            part,
                            part.path() + ".kafka.topicPrefix",
                            "must begin no other topic's name, since <topicPrefix>-<route> is where a route's events wait, but was "
                                    + Words.quoted(parking.topicPrefix()) + ", and " + topic.path() + " has "
                                    + Words.quoted(topic.name())));
        }
    }

    /** Versions of a script, requests to a view, and what is said of them, are no events; and who asks a view means no other. */
    private void checkControlTopics() {
        List<Topic> taken = new ArrayList<>(eventTopics().toList());
        for (Part part : reading.parts(DynamicSpec.class)) {
            checkIsNoOther(part, "the script's", scriptTopics(part), taken);
        }
        reading.parts(DynamicSpec.class).forEach(part -> taken.addAll(scriptTopics(part)));
        for (Part part : reading.parts(ViewControlSpec.class)) {
            checkIsNoOther(part, "the view's", viewTopics(part), taken);
            taken.addAll(viewTopics(part));
        }
    }

    private static List<Topic> scriptTopics(Part part) {
        return Topic.controlling((DynamicSpec) part.made(), part.path()).toList();
    }

    private static List<Topic> viewTopics(Part part) {
        return Topic.controlling((ViewControlSpec) part.made(), part.path()).toList();
    }

    /** Tells of each place once, though both the topic and that of replies may be the same. */
    private void checkIsNoOther(Part part, String whose, List<Topic> controls, List<Topic> others) {
        Set<String> told = new HashSet<>();
        for (Topic control : controls) {
            others.stream()
                    .filter(control::isSameAs)
                    .filter(other -> told.add(other.path()))
                    .forEach(other -> problem(
                            part,
                            control.path(),
                            "must be " + whose + " own, and so must <topic>-replies, but " + other.path() + " has "
                                    + Words.quoted(other.name())));
        }
    }

    private Stream<Topic> otherTopics() {
        return Stream.of(
                        eventTopics(),
                        reading.parts(DynamicSpec.class).stream().flatMap(part -> scriptTopics(part).stream()),
                        reading.parts(ViewControlSpec.class).stream().flatMap(part -> viewTopics(part).stream()))
                .flatMap(topics -> topics);
    }

    private Stream<Topic> eventTopics() {
        return Stream.concat(
                NamedSource.in(reading).flatMap(Topic::readFrom),
                reading.parts(SinkSpec.class).stream()
                        .flatMap(part -> Topic.writtenBy((SinkSpec<?>) part.made(), part.path()).stream()));
    }

    private List<Part> routes() {
        return reading.parts(RouteSpec.class);
    }

    private static RouteSpec route(Part part) {
        return (RouteSpec) part.made();
    }

    private Stream<NamedSource> sourcesOf(Part route) {
        return NamedSource.in(reading).filter(source -> isRead(route, source));
    }

    private boolean isRead(Part route, NamedSource source) {
        return NamedDerived.isRead(route(route), source, reading);
    }

    private <T> Optional<Part> part(Class<T> kind) {
        return reading.parts(kind).stream().findFirst();
    }

    private void problem(Part part, String path, String message) {
        reading.problem(path, part.at(), message);
    }
}
