package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Reading.Part;
import io.millrace.io.objects.FolderSink;
import io.millrace.io.view.ViewStore;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold between the views of a spec, the sources that they read, and the routes that read them. */
final class ViewRules {
    private static final Set<String> FIELDS_OF_A_VIEW = Set.of("version", "key", "items");

    private final Reading reading;
    private final Set<String> sources;
    private final List<NamedDerived> views;
    private final boolean isIsolated;

    private ViewRules(Reading reading, Set<String> sources) {
        this.reading = reading;
        this.sources = sources;
        this.views = NamedDerived.in(reading)
                .filter(derived -> derived.spec() instanceof ViewSpec)
                .toList();
        this.isIsolated = reading.parts(Isolation.class).stream().anyMatch(part -> part.made() == Isolation.ISOLATED);
    }

    /**
     * Notes what does not hold.
     *
     * @param hasNames whether sources have names
     * @param sources the names of the sources
     * @param areRoutesMade whether it is known of all routes what they read
     */
    static void check(Reading reading, boolean hasNames, Set<String> sources, boolean areRoutesMade) {
        ViewRules rules = new ViewRules(reading, sources);
        for (NamedDerived view : rules.views) {
            if (!hasNames) {
                rules.problem(
                        view.part(),
                        view.path(),
                        "must be where sources have names, by which a view reads them: sources in the place of source");
                continue;
            }
            rules.checkName(view);
            rules.checkChanges(view);
            rules.checkControl(view);
            if (areRoutesMade) {
                rules.checkIsRead(view);
            }
        }
        if (hasNames) {
            rules.checkRoutes();
        }
    }

    /** Routes tell sources and what is made of them apart by name. */
    private void checkName(NamedDerived view) {
        boolean isTaken = sources.contains(view.name())
                || NamedJoin.in(reading).anyMatch(join -> join.outputs().contains(view.name()));
        if (isTaken) {
            problem(
                    view.part(),
                    view.path(),
                    "must be named otherwise, since routes read another source or join by this name");
        }
    }

    private void checkChanges(NamedDerived view) {
        ViewSpec spec = (ViewSpec) view.spec();
        for (int i = 0; i < spec.changes().size(); i++) {
            ViewChangesSpec changes = spec.changes().get(i);
            String path = Words.index(view.path() + ".changes", i);
            if (!sources.contains(changes.from())) {
                problem(
                        view.part(),
                        path + ".from",
                        "unknown source " + Words.quoted(changes.from()) + Words.hint(changes.from(), sources));
            }
            checkVersion(view, changes, path);
        }
        checkVersionOfPublish(view, spec);
    }

    private void checkVersion(NamedDerived view, ViewChangesSpec changes, String path) {
        boolean lacksTimes = NamedSource.in(reading)
                .anyMatch(source ->
                        source.name().equals(changes.from()) && !source.spec().hasEventTimes());
        if (changes.version() == null && lacksTimes) {
            problem(
                    view.part(),
                    path + ".version",
                    "is required where events are of files and have no time: " + eventTime(changes)
                            + " would be another way");
        }
    }

    /** Versions of changes are compared with those of publishes: with a time, any that is none is always the older one, or always the newer. */
    private void checkVersionOfPublish(NamedDerived view, ViewSpec spec) {
        ViewPublishSpec publish = spec.publish();
        if (publish == null || publish.saysVersion()) {
            return;
        }
        for (int i = 0; i < spec.changes().size(); i++) {
            ViewChangesSpec changes = spec.changes().get(i);
            String path = Words.index(view.path() + ".changes", i) + ".version";
            if (changes.version() != null && publish.http() == null) {
                problem(
                        view.part(),
                        path,
                        "must not be given where publish is of files, whose version is the time of their last change: without it the"
                                + " version is the event's time, by " + eventTime(changes));
            } else if (changes.version() != null) {
                problem(
                        view.part(),
                        view.path() + ".publish.http.version",
                        "is required where " + path
                                + " is, since otherwise the version of a publish is the time when it began: it must"
                                + " be comparable with those of the events");
                return;
            }
        }
    }

    private static String eventTime(ViewChangesSpec changes) {
        return Words.key("sources", changes.from()) + ".eventTime";
    }

    private void checkControl(NamedDerived view) {
        ViewSpec spec = (ViewSpec) view.spec();
        if (spec.control() == null) {
            return;
        }
        checkGoesOn(view, spec);
        checkIsOne(view);
    }

    private void checkGoesOn(NamedDerived view, ViewSpec spec) {
        List<NamedSource> read = NamedSource.in(reading)
                .filter(source -> spec.reads(source.name()))
                .toList();
        if (!read.isEmpty() && read.stream().allMatch(source -> source.spec().ends())) {
            problem(
                    view.part(),
                    view.path() + ".control",
                    "must not be given where all that the view reads ends, since then nobody is there who could be asked");
        }
    }

    /** Each of several jobs would answer a request, of a view of its own: who asks waits for one answer. */
    private void checkIsOne(NamedDerived view) {
        long readers = readers(view);
        if (isIsolated && readers > 1) {
            problem(
                    view.part(),
                    view.path() + ".control",
                    "must not be given where " + readers
                            + " isolated routes read the view, since each has a job with a view of its own:"
                            + " isolation: shared makes it one");
        }
    }

    private void checkIsRead(NamedDerived view) {
        if (readers(view) == 0) {
            problem(view.part(), view.path(), "must be read by a route, but no route has it in its from");
        }
    }

    private long readers(NamedDerived view) {
        return reading.parts(RouteSpec.class).stream()
                .map(part -> (RouteSpec) part.made())
                .filter(route -> route.from() != null && route.reads(view.name()))
                .count();
    }

    private void checkRoutes() {
        for (Part part : reading.parts(RouteSpec.class)) {
            RouteSpec route = (RouteSpec) part.made();
            if (route.from() == null
                    && !views.isEmpty()
                    && NamedJoin.in(reading).findAny().isEmpty()) {
                problem(
                        part,
                        Words.key(part.path(), "from"),
                        "is required where there are views: the name of a view, or of sources");
            }
            if (route.from() != null && views.stream().anyMatch(view -> route.reads(view.name()))) {
                checkRoute(part, route, route.from());
            }
        }
    }

    /** What a route left out of a view would stay what it was before where it is written. */
    private void checkRoute(Part part, RouteSpec route, List<String> from) {
        if (from.size() > 1) {
            problem(
                    part,
                    Words.key(part.path(), "from"),
                    "must have a view alone, and no other source beside it, but was " + String.join(", ", from));
        }
        refuse(part, "filter", route.filter(), "views.<name>.changes have a filter");
        refuse(part, "script", route.script(), "what it leaves out would stay as it was");
        refuse(part, "enrich", route.enrich(), "a key is told when it changes, and not when what is looked up does");
        refuse(part, "key", route.key(), "the view's key is that of what is written");
        if (route.sink().config() instanceof FolderSink) {
            problem(
                    part,
                    Words.key(Words.key(part.path(), "sink"), route.sink().name()),
                    "must not be a sink of objects where the route reads a view, since an object keeps what was, and a view says what"
                            + " is");
        }
        checkVersionIsKept(part, route);
    }

    private void checkVersionIsKept(Part part, RouteSpec route) {
        ViewStore store = route.sink().viewStore().orElse(null);
        if (store == null || fields(route.project()).contains(store.versionField())) {
            return;
        }
        problem(
                part,
                Words.key(part.path(), "project"),
                "must keep " + Words.quoted(store.versionField())
                        + ", the sink's versionField: without it a zone that is away holds up all others, since it cannot be owed"
                        + " what it misses");
    }

    /** The fields that a document has at its top level. */
    private static Collection<String> fields(@Nullable ProjectSpec project) {
        if (project == null) {
            return FIELDS_OF_A_VIEW;
        }
        return project.kept().isEmpty() ? project.computed().keySet() : project.kept();
    }

    private void refuse(Part part, String name, @Nullable Object given, String why) {
        if (given != null) {
            problem(part, Words.key(part.path(), name), "must not be given where the route reads a view: " + why);
        }
    }

    private void problem(Part part, String path, String message) {
        reading.problem(path, part.at(), message);
    }
}
