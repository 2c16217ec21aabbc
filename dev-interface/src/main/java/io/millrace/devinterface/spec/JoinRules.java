package io.millrace.devinterface.spec;

import io.millrace.devinterface.spec.Reading.Part;
import io.millrace.io.objects.FolderSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What must hold between the joins of a spec, the sources that they read, and the routes that read them. */
final class JoinRules {
    private final Reading reading;
    private final Set<String> sources;
    private final List<NamedJoin> joins;

    private JoinRules(Reading reading, Set<String> sources) {
        this.reading = reading;
        this.sources = sources;
        this.joins = NamedJoin.in(reading).toList();
    }

    /**
     * Notes what does not hold.
     *
     * @param hasNames whether sources have names
     * @param sources the names of the sources
     */
    static void check(Reading reading, boolean hasNames, Set<String> sources) {
        JoinRules rules = new JoinRules(reading, sources);
        if (hasNames) {
            rules.joins.forEach(rules::checkSides);
        } else {
            rules.joins.forEach(join -> rules.problem(
                    join.part(),
                    join.path(),
                    "must be where there are sources by name, since a join reads two: sources in the place of source"));
        }
        rules.checkNames();
        rules.joins.forEach(rules::checkIsRead);
        rules.joins.forEach(rules::checkEventTimes);
        reading.parts(RouteSpec.class).forEach(rules::checkFrom);
        reading.parts(RouteSpec.class).forEach(rules::checkFolders);
    }

    private void checkSides(NamedJoin join) {
        checkSide(join, "left", join.spec().left());
        checkSide(join, "right", join.spec().right());
    }

    private void checkSide(NamedJoin join, String side, JoinSideSpec spec) {
        if (!sources.contains(spec.from())) {
            problem(
                    join.part(),
                    join.path() + "." + side + ".from",
                    "unknown source " + Words.quoted(spec.from()) + Words.hint(spec.from(), sources));
        }
    }

    /** Routes tell sources and what joins give apart by name. */
    private void checkNames() {
        List<String> taken = new ArrayList<>(sources);
        for (NamedJoin join : joins) {
            for (String output : join.outputs()) {
                if (taken.contains(output)) {
                    problem(
                            join.part(),
                            join.path(),
                            "must be named otherwise, since routes would read by one name what it gives and another source or join: "
                                    + output);
                }
                taken.add(output);
            }
        }
    }

    private void checkIsRead(NamedJoin join) {
        List<String> results = join.spec().resultsAndRates(join.name());
        boolean isRead = reading.parts(RouteSpec.class).stream()
                .map(part -> (RouteSpec) part.made())
                .anyMatch(route -> route.from() != null && results.stream().anyMatch(route::reads));
        if (!isRead) {
            problem(
                    join.part(),
                    join.path(),
                    "must be read by a route, by its name or that of its rates, but no route has it in its from");
        }
    }

    private void checkEventTimes(NamedJoin join) {
        NamedSource.in(reading)
                .filter(source ->
                        join.spec().reads(source.name()) && !source.spec().hasEventTimes())
                .forEach(source -> problem(
                        join.part(),
                        join.path(),
                        "needs event times, and files have none: " + Words.key(source.path(), "eventTime")
                                + " must be given"));
    }

    /** A result is known by the event that it was made of, so that must not be read twice by a route. */
    private void checkFrom(Part part) {
        List<String> from = ((RouteSpec) part.made()).from();
        String path = Words.key(part.path(), "from");
        if (from == null) {
            if (!joins.isEmpty()) {
                problem(part, path, "is required where there are joins: the name of a join, or of sources");
            }
        } else if (from.size() > 1
                && joins.stream().anyMatch(join -> join.outputs().stream().anyMatch(from::contains))) {
            problem(
                    part,
                    path,
                    "must have a join alone, and no other source beside it, but was " + String.join(", ", from));
        }
    }

    /** An object has each identity once, and lists the offsets of each stream of origins. */
    private void checkFolders(Part part) {
        RouteSpec route = (RouteSpec) part.made();
        if (route.from() == null || !(route.sink().config() instanceof FolderSink folder)) {
            return;
        }
        String path = Words.key(Words.key(part.path(), "sink"), route.sink().name());
        for (NamedJoin join : joins) {
            if (route.reads(join.name()) && join.spec().emit() == Emit.MATCH) {
                problem(
                        part,
                        path,
                        "must not be a sink of objects where " + join.path()
                                + " has emit: match, since an object has each result once,"
                                + " and not its correction too");
            }
            if (route.reads(JoinSpec.rates(join.name())) && folder.window() == null) {
                problem(
                        part,
                        path,
                        "must have a window, since rates are of as many streams as there are values that they are counted by");
            }
        }
    }

    private void problem(Part part, String path, String message) {
        reading.problem(path, part.at(), message);
    }
}
