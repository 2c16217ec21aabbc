package io.millrace.pipelines;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.ParkingSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.LookupSteps;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.SavedSteps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a job goes on from the state of one before it: which routes are gone, and what of the state was theirs.
 *
 * <p>Flink begins with no state that has what no step takes. What belongs to routes that are gone is left out of it, and nothing else:
 * where a step that stays has lost its place, the job must not begin with that state.
 */
final class Succession {
    private static final String CHANGED_JOIN =
            "must keep whether left events come out, and its credit, creditOnce, list and granule, and where it has rates its bounds,"
                    + " allowedLateness and rates.window, since its state is of their form; --source=start begins without the state of"
                    + " joins";

    private static final String CHANGED_VIEW =
            "must keep the key, item and version of its changes, and key and item of its publish and whether that says its version, since its"
                    + " state has what was made so; a view of another name begins without state, and what is stored of this one stays where it"
                    + " is";

    private final RouterJob job;
    private final Map<String, String> routesBefore;
    private final SavedSteps before;
    private final Map<String, String> joinsBefore;
    private final Map<String, String> viewsBefore;
    private final SavedSteps now;
    private final SavedSteps unclaimed;

    private Succession(
            RouterJob job,
            Map<String, String> routesBefore,
            Map<String, String> joinsBefore,
            Map<String, String> viewsBefore,
            SavedSteps before,
            SavedSteps now) {
        this.job = job;
        this.routesBefore = routesBefore;
        this.joinsBefore = joinsBefore;
        this.viewsBefore = viewsBefore;
        this.before = before;
        this.now = now;
        this.unclaimed = before.all().isEmpty() ? before : before.without(now);
    }

    /**
     * How a job succeeds another.
     *
     * @param shown what the other says of itself, {@link JobOptions}; of one that says nothing, nothing is gone
     */
    static Succession of(RouterJob job, Map<String, String> shown) {
        return of(job, shown, job.steps());
    }

    /** The same, foreseen without building the job where the other has the same spec: of another version of Millrace its steps may turn out to be others. */
    static Succession foreseen(RouterJob job, Map<String, String> shown) {
        boolean isSame = job.spec().specVersion().equals(shown.get(JobOptions.SPEC_VERSION));
        return of(job, shown, isSame ? JobOptions.steps(shown) : job.steps());
    }

    private static Succession of(RouterJob job, Map<String, String> shown, SavedSteps now) {
        return new Succession(
                job,
                JobOptions.routes(shown),
                JobOptions.joins(shown),
                JobOptions.views(shown),
                JobOptions.steps(shown),
                now);
    }

    /** What a person should know, one line each; of a state at a path. */
    List<String> news(String state) {
        List<String> news = new ArrayList<>();
        gone().forEach(route -> news.add("route " + route + " is gone" + whatIsLeftOf(route, state)));
        goneViews().forEach(view -> news.add("view " + view + " is gone; what it was is in " + state));
        lessAskedViews().forEach(view -> news.add("view " + view + " has no control any more, and cannot be asked"));
        lessPublishedViews()
                .forEach(
                        view -> news.add("view " + view + " has no publish any more; how far that was is in " + state));
        goneJoins().forEach(join -> news.add("join " + join + " is gone; what waited in its state is in " + state));
        added().forEach(route -> news.add("route " + route + " is new, and begins where the job has come to"));
        if (unclaimed.stateful().stream().anyMatch(this::looksForParked)) {
            news.add("parking is gone; events that wait in its topics stay there until the spec has it again");
        }
        return news;
    }

    private String whatIsLeftOf(String route, String state) {
        ParkingSpec parking = job.spec().parking();
        if (unclaimed.stateful().stream().anyMatch(step -> isOf(route, step))) {
            return "; what waited in its state is in " + state;
        }
        return parking == null
                ? ""
                : "; events of it that wait in topic " + parking.kafka().topic(route) + " stay there";
    }

    /** The routes that the job no longer has. */
    private Set<String> gone() {
        Set<String> gone = new TreeSet<>(routesBefore.keySet());
        gone.removeAll(job.spec().routeNames());
        return gone;
    }

    /** The joins whose state is of another form. */
    private List<String> changedJoins() {
        return job.spec().namedJoins().entrySet().stream()
                .filter(join -> !joinsBefore
                        .getOrDefault(join.getKey(), join.getValue().stateVersion())
                        .equals(join.getValue().stateVersion()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The views of which a part is made otherwise. */
    private List<String> changedViews() {
        return job.spec().namedViews().entrySet().stream()
                .filter(view -> view.getValue().stateVersions().entrySet().stream()
                        .anyMatch(part -> !viewsBefore
                                .getOrDefault(view.getKey() + "/" + part.getKey(), part.getValue())
                                .equals(part.getValue())))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The joins that the job no longer has, of those that have state. */
    private Set<String> goneJoins() {
        Set<String> gone = new TreeSet<>();
        unclaimed.stateful().stream().filter(this::joins).map(this::joinOf).forEach(gone::add);
        gone.removeAll(job.spec().namedJoins().keySet());
        return gone;
    }

    /** The views that the job no longer has, of those that have state. */
    private Set<String> goneViews() {
        Set<String> gone = new TreeSet<>();
        unclaimed.stateful().stream().filter(this::isOfView).map(this::viewOf).forEach(gone::add);
        gone.removeAll(job.spec().namedViews().keySet());
        return gone;
    }

    /** The views of the job that were asked, and cannot be any more. */
    private Set<String> lessAskedViews() {
        Set<String> less = lessOf(this::isOfControl);
        less.removeIf(view -> requireNonNull(job.spec().namedViews().get(view)).control() != null);
        return less;
    }

    /** The views of the job that were put right by full publishes, and are not any more. */
    private Set<String> lessPublishedViews() {
        return lessOf(step -> !isOfControl(step));
    }

    private Set<String> lessOf(Predicate<String> part) {
        Set<String> less = new TreeSet<>();
        unclaimed.stateful().stream()
                .filter(this::isOfView)
                .filter(part)
                .map(this::viewOf)
                .forEach(less::add);
        less.retainAll(job.spec().namedViews().keySet());
        return less;
    }

    private boolean isOfControl(String step) {
        return step.startsWith(viewPrefix() + viewOf(step) + "/Control-");
    }

    private boolean isOfView(String step) {
        return step.startsWith(viewPrefix());
    }

    private String viewPrefix() {
        return job.spec().name() + "/view-";
    }

    private String viewOf(String step) {
        String view = step.substring(viewPrefix().length());
        return view.substring(0, view.indexOf('/'));
    }

    /** The routes that the job before did not have, where it says what it had. */
    private List<String> added() {
        return routesBefore.isEmpty()
                ? List.of()
                : job.routes().stream()
                        .map(RouteSpec::name)
                        .filter(route -> !routesBefore.containsKey(route))
                        .toList();
    }

    /** The full names of the steps that read changelogs, before or now: how far they are says nothing of the sources. */
    Set<String> changelogReads() {
        return Stream.of(before, now)
                .flatMap(steps -> steps.stateful().stream())
                .filter(step -> LookupSteps.readsChangelog(job.spec().name(), step))
                .collect(Collectors.toSet());
    }

    /** Whether the state has anything that is left out, if only what is empty. */
    boolean leavesOut(Reading reading) {
        return !unclaimed.all().isEmpty() || !stepsLeftOut(reading).isEmpty();
    }

    /**
     * The full names of the steps whose state is left out: those of routes, joins and views that are gone, of what a view no longer has (control,
     * publish), the clock that looks for parked events, and reads of changelogs. Where the source is read from its start, also what changelogs and
     * joins have made: that has forgotten what events of then need, and the events that wait in it come again. A view keeps what it has, since
     * versions decide whatever comes again.
     */
    List<String> stepsLeftOut(Reading reading) {
        Stream<String> waiting = reading == Reading.START
                ? Stream.of(before, now)
                        .flatMap(steps -> steps.stateful().stream())
                        .filter(step -> keepsChangelog(step) || joins(step))
                : Stream.of();
        Stream<String> unneeded = unclaimed.stateful().stream()
                .filter(step -> looksForParked(step)
                        || LookupSteps.readsChangelog(job.spec().name(), step)
                        || isOfView(step)
                        || gone().stream().anyMatch(route -> isOf(route, step))
                        || (joins(step) && goneJoins().contains(joinOf(step))));
        return Stream.concat(unneeded, waiting).distinct().sorted().toList();
    }

    private boolean keepsChangelog(String step) {
        return LookupSteps.keeps(job.spec().name(), step);
    }

    /** Notes why the job cannot begin with the state. */
    void check(Reading reading, Problems problems) {
        List<String> lost = new ArrayList<>(unclaimed.stateful());
        lost.removeAll(stepsLeftOut(reading));
        if (lost.removeIf(this::reads) && reading == Reading.STATE) {
            problems.add(
                    "--source",
                    "must be offsets or start, since job " + job.name() + " has a source that the spec no longer has");
        }
        lost.stream()
                .filter(this::keepsChangelog)
                .sorted()
                .forEach(step -> problems.add(place(step), lookupProblem(step)));
        lost.removeIf(this::keepsChangelog);
        lost.stream().filter(this::joins).sorted().forEach(step -> problems.add("join " + joinOf(step), joinProblem()));
        lost.removeIf(this::joins);
        if (reading != Reading.START) {
            changedJoins().forEach(join -> problems.add("join " + join, CHANGED_JOIN));
        }
        changedViews().forEach(view -> problems.add("view " + view, CHANGED_VIEW));
        lost.stream().map(this::place).distinct().forEach(place -> problems.add(place, problem(place)));
    }

    private String place(String step) {
        return routeOf(step)
                .map(Succession::placeOf)
                .orElse(isBelow("dead-letters", step) ? "deadLetters" : "step " + step);
    }

    private Optional<String> routeOf(String step) {
        return job.spec().routeNames().stream()
                .filter(route -> isOf(route, step))
                .findFirst();
    }

    private static String placeOf(String route) {
        return "route " + route;
    }

    private String lookupProblem(String step) {
        return "must keep the lookup into '"
                + LookupSteps.into(job.spec().name(), routeOf(step).orElse(""), step)
                + "' by a changelog, since job " + job.name()
                + " has state of it, in which events may wait; --source=start"
                + " begins without that state, and so does a route of another name";
    }

    private boolean joins(String step) {
        return step.startsWith(joinPrefix());
    }

    private String joinPrefix() {
        return job.spec().name() + "/join-";
    }

    private String joinOf(String step) {
        String join = step.substring(joinPrefix().length());
        return join.substring(0, join.indexOf('/'));
    }

    private String joinProblem() {
        return "must have rates as it had, since job " + job.name()
                + " has counts of them in its state; --source=start begins without the state of joins";
    }

    private String problem(String place) {
        Map<String, String> before =
                routesBefore.keySet().stream().collect(Collectors.toMap(Succession::placeOf, routesBefore::get));
        String kept = before.get(place);
        return "must keep the sink as it was" + (kept == null ? "" : ", " + kept) + ", since job " + job.name()
                + " has state of it that the sink as it is now does not take"
                + (kept == null ? "" : "; with another name it is another route, and begins without that state");
    }

    private boolean looksForParked(String step) {
        return isBelow("write", step);
    }

    private boolean isOf(String route, String step) {
        return isBelow("to-" + route, step) || isBelow("refused-by-" + route, step) || isOfLookup(route, step);
    }

    /** The name of a route may begin with that of another and a hyphen: it is of the longer one. */
    private boolean isOfLookup(String route, String step) {
        String pipeline = job.spec().name();
        return LookupSteps.isOf(pipeline, route, step)
                && Stream.of(job.spec().routeNames(), routesBefore.keySet())
                        .flatMap(Collection::stream)
                        .noneMatch(other -> other.startsWith(route + "-") && LookupSteps.isOf(pipeline, other, step));
    }

    private boolean isBelow(String part, String step) {
        return step.startsWith(job.spec().name() + "/" + part + "/");
    }

    private boolean reads(String step) {
        return isBelow("source", step) || step.startsWith(job.spec().name() + "/source-");
    }
}
