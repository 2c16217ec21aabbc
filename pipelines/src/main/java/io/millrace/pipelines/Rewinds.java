package io.millrace.pipelines;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.source.OffsetRange;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.rewind.Again;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.rewind.Rewind.Step;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.StartedWith;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.UserJars;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What it means to take one job back to a restore point: which point, as what it goes on, and what it reads again. Nothing is done here. */
final class Rewinds {
    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final Catalog catalog;
    private final String jobName;
    private final UserJars jars;
    private final JobHistory history;

    Rewinds(Terminal terminal, FlinkCluster cluster, Catalog catalog, String jobName, UserJars jars) {
        this.terminal = terminal;
        this.cluster = cluster;
        this.catalog = catalog;
        this.jobName = jobName;
        this.jars = jars;
        this.history = new JobHistory(cluster, catalog, jobName);
    }

    Terminal terminal() {
        return terminal;
    }

    FlinkCluster cluster() {
        return cluster;
    }

    Catalog catalog() {
        return catalog;
    }

    String jobName() {
        return jobName;
    }

    /** What is known of the jobs of this name. */
    JobHistory history() {
        return history;
    }

    /** How fast the job reads. */
    Pace pace() {
        return new Pace(cluster, catalog, history);
    }

    /** Where a spec is read for the cluster. */
    Target target() {
        return cluster.isOnThisMachine() ? Target.LOCAL_CLUSTER : Target.REMOTE;
    }

    /** The last time that the job was rewound, but for what was given up. */
    Optional<Rewind> last() {
        return catalog.rewinds().stream()
                .filter(rewind -> rewind.step() != Step.GIVEN_UP)
                .findFirst();
    }

    /** Whether the job was rewound in a higher epoch. */
    boolean wasRewoundSince(long epoch) {
        return last().filter(rewind -> rewind.epoch() > epoch).isPresent();
    }

    /** How long, in event time, the job that runs holds what it has read; nothing where none runs, or it does not say its spec. */
    Duration holdsNow() {
        return history.running()
                .flatMap(history::saysStartedWith)
                .map(start -> job(start.spec(), Lineages.anew()))
                .map(RouterJob::holds)
                .orElse(Duration.ZERO);
    }

    /**
     * What has written since the point of a rewind, before its job.
     *
     * @param known as what they ran, of those of which that is known
     * @param areAll whether that is so of all that have left a point, or a sign in the cluster or the catalog
     */
    record Writers(List<RouterJob> known, boolean areAll) {}

    /** What has written since the point of a rewind, before its job. */
    Writers writersSince(Rewind rewind) {
        Instant since = rewind.point().at();
        List<Rewind> mine = history.unfinished().toList();
        Stream<String> ids = Stream.of(
                        catalog.since(since).map(RestorePoint::jobId),
                        history.begunSince(since),
                        mine.stream().map(Rewind::before))
                .flatMap(some -> some);
        Stream<Optional<StartedWith>> ran = ids.distinct()
                .filter(id -> !id.isEmpty() && !id.equals(rewind.jobId()))
                .map(history::startedWith);
        Stream<Optional<StartedWith>> begun = mine.stream()
                .filter(other -> mayHaveWritten(other, rewind))
                .map(other -> Optional.of(startedWith(other)));
        List<Optional<RouterJob>> all = Stream.concat(ran, begun)
                .distinct()
                .map(started -> started.flatMap(this::readable))
                .toList();
        return new Writers(
                all.stream().flatMap(Optional::stream).toList(), all.stream().allMatch(Optional::isPresent));
    }

    /** Whether the job of another rewind, which was not finished, may have read and written something; its points may be none. */
    static boolean mayHaveWritten(Rewind other, Rewind than) {
        return other.epoch() != than.epoch() && (other.step() == Step.STOPPED || other.step() == Step.RUNS);
    }

    /** The job of a spec; nothing of one that Millrace does not take any more. */
    private Optional<RouterJob> readable(StartedWith started) {
        try {
            return Optional.of(job(started.spec(), Lineages.anew()));
        } catch (WrongInput e) {
            return Optional.empty();
        }
    }

    private RouterJob job(String specText, String lineage) {
        Problems problems = new Problems();
        Optional<RouterSpec> spec = problems.noting(() -> SpecReader.read(specText, Target.LOCAL));
        problems.throwIfAny();
        List<RouteSpec> routes = routes(spec.orElseThrow(), problems);
        problems.throwIfAny();
        return RouterJob.anew(spec.orElseThrow(), routes, lineage);
    }

    /** Whether the job of a rewind runs. */
    boolean runs(Rewind rewind) {
        return history.runs(rewind.jobId());
    }

    /**
     * Chooses a point and all else; nothing is done yet.
     *
     * @param given the spec with which the job goes on, if not with its own
     * @param beamOptions Beam's options, where they are not those that the job has
     */
    Rewind choose(Instant to, Optional<RouterSpec> given, Reading reading, List<String> beamOptions) {
        RestorePoint point = catalog.newestBefore(to).orElseThrow(() -> noPoint("from before " + to));
        return choose(point, to, given, reading, beamOptions);
    }

    /** Says that there is no complete point such as somebody wants. */
    FlinkClusterException noPoint(String such) {
        return new FlinkClusterException(
                catalog.names().isEmpty()
                        ? "job " + jobName
                                + " has no restore points: rewind watch notes them while a job of that name runs"
                        : "job " + jobName + " has no complete restore point " + such
                                + ": rewind list shows those that there are");
    }

    /** The same, of a point that is chosen. */
    Rewind choose(
            RestorePoint point, Instant to, Optional<RouterSpec> given, Reading reading, List<String> beamOptions) {
        Optional<String> before = history.running().or(history::ranLast);
        StartedWith start = start(before, given, beamOptions);
        return new Rewind(
                nextEpoch(),
                to,
                false,
                point,
                before.orElse(""),
                null,
                TopicOffsets.NONE,
                start.text(),
                reading.text(),
                Lineages.anew(),
                FlinkCluster.newId(),
                Step.PLANNED);
    }

    /**
     * What takes the last rewind back: the job of before begins where that had come to when it was stopped; or, where the rewound job has begun, and may have written, at the same point, so that all of
     * that is made again.
     */
    Rewind undoing(Rewind last) {
        boolean hasBegun = last.hasBegun() || cluster.knows(last.jobId());
        RestorePoint back = hasBegun ? last.point() : last.undo();
        if (back == null) {
            throw new FlinkClusterException("what ran before job " + jobName + " was rewound to " + last.to()
                    + " has left no state to go back to; rewind run goes to another point");
        }
        String start = history.restorable(last.before())
                .map(job -> job.shown().getOrDefault(JobOptions.STARTED_WITH, ""))
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new FlinkClusterException(
                        "it is not known with what the job was started that ran before" + " job " + jobName
                                + " was rewound to " + last.to() + ": rewind run with its --spec goes back"));
        Rewind undo = new Rewind(
                nextEpoch(),
                last.to(),
                true,
                back,
                last.jobId(),
                null,
                TopicOffsets.NONE,
                start,
                Reading.STATE.text(),
                Lineages.anew(),
                FlinkCluster.newId(),
                Step.PLANNED);
        return hasBegun && !readWhatThePointHas(last.before(), undo) ? undo.reading(Reading.OFFSETS.text()) : undo;
    }

    /** Whether a job that ran read what the one of the point did, in as many partitions; where that is not known, too. */
    private boolean readWhatThePointHas(String jobId, Rewind rewind) {
        Optional<String> source =
                history.restorable(jobId).map(job -> job.shown().get(JobOptions.SOURCE));
        Optional<String> ofPoint =
                Optional.ofNullable(history.whoLeft(rewind.point()).shown().get(JobOptions.SOURCE));
        boolean isAnother = source.isPresent() && ofPoint.isPresent() && !source.equals(ofPoint);
        return !isAnother
                && HeldTopics.now(job(startedWith(rewind).spec(), rewind.lineage()))
                        .haveNoMorePartitionsThan(rewind.point().offsets());
    }

    /** Whether the job that left the point of a rewind is known to have had another spec than the one that begins. */
    boolean hadOtherSpec(Rewind rewind) {
        return JobOptions.startedWith(history.whoLeft(rewind.point()).shown())
                .filter(had -> !had.spec().equals(startedWith(rewind).spec()))
                .isPresent();
    }

    private long nextEpoch() {
        return Math.max(jobs(List.of()).epoch(jobName), catalog.highestEpoch()) + 1;
    }

    private ClusterJobs jobs(List<String> beamOptions) {
        return new ClusterJobs(terminal, cluster, jars, beamOptions);
    }

    private StartedWith start(Optional<String> before, Optional<RouterSpec> given, List<String> beamOptions) {
        Optional<StartedWith> had = before.flatMap(history::saysStartedWith);
        if (had.isEmpty() && given.isEmpty()) {
            throw new FlinkClusterException("--spec must be given, with Beam's options, since job " + jobName
                    + " does not say with what it was started: it may have secrets in its spec that are no references");
        }
        StartedWith start = new StartedWith(
                given.map(RouterSpec::json).orElseGet(() -> had.orElseThrow().spec()),
                had.map(StartedWith::scriptVersion).orElse(""),
                beamOptions.isEmpty() ? had.map(StartedWith::beamOptions).orElse(List.of()) : beamOptions);
        if (start.text().isEmpty()) {
            throw new FlinkClusterException(
                    "--spec and Beam's options must have references such as ${env:NAME} for secrets, since it is noted"
                            + " with what a job goes on");
        }
        return start;
    }

    static StartedWith startedWith(Rewind rewind) {
        return StartedWith.parse(rewind.startedWith()).orElseThrow();
    }

    /** What starts the job of a rewind. */
    ClusterJobs jobs(Rewind rewind) {
        return jobs(startedWith(rewind).beamOptions());
    }

    /** The job that a rewind begins, checked for whether it can begin with the point. */
    Successor successor(Rewind rewind) {
        return successor(rewind, Succession::of);
    }

    /** The same, for a plan alone: without building the job where its spec is that of the point. */
    Successor foreseen(Rewind rewind) {
        return successor(rewind, Succession::foreseen);
    }

    private Successor successor(Rewind rewind, BiFunction<RouterJob, Map<String, String>, Succession> succession) {
        StartedWith start = startedWith(rewind);
        Problems problems = new Problems();
        RouterJob job =
                job(start.spec(), rewind.lineage()).inEpoch(rewind.epoch()).withScriptVersion(start.scriptVersion());
        Map<String, String> shown = history.whoLeft(rewind.point()).shown();
        Successor successor = new Successor(
                job,
                shown,
                succession.apply(job, shown),
                Reading.named(rewind.source()).orElseThrow());
        boolean mustReadItsSource = successor.reading() == Reading.STATE && !rewind.undoes() && job.shape().stream();
        if (mustReadItsSource && !successor.readsItsSource()) {
            problems.add(
                    "--source",
                    "must be offsets, since the source of the spec is another than that of the point; state goes on reading that, with"
                            + " the spec of then");
        }
        successor.check(problems);
        problems.throwIfAny();
        return successor;
    }

    private List<RouteSpec> routes(RouterSpec spec, Problems problems) {
        List<RouteSpec> routes = spec.routes().stream()
                .filter(route -> spec.isShared() || jobName.equals(spec.name() + "--" + route.name()))
                .toList();
        if (routes.isEmpty() || (spec.isShared() && !jobName.equals(spec.name()))) {
            String jobs = spec.isShared()
                    ? spec.name()
                    : spec.routes().stream()
                            .map(route -> spec.name() + "--" + route.name())
                            .collect(joining(", "));
            problems.add(
                    "--spec",
                    "must be the spec of job " + jobName + ", but is that of " + jobs
                            + ": a job has the name of its spec where routes are shared, and else <spec>--<route>");
            return List.of();
        }
        return routes;
    }

    /** What is read again; fails where Kafka has deleted some of it that no archive has, or it is not known where the point is. */
    List<Again> again(Rewind rewind, Successor successor) {
        HeldTopics held = HeldTopics.now(successor.job());
        boolean readsArchives = successor.reading() != Reading.STATE || successor.readsItsSource();
        List<Again> again = Again.of(rewind.point(), held.ranges()).stream()
                .map(one -> readsArchives ? archived(one, successor.job()) : one)
                .toList();
        List<String> missing =
                again.stream().filter(Again::isMissing).map(Again::missing).toList();
        if (!missing.isEmpty()) {
            throw cannot(rewind, String.join("; ", missing));
        }
        boolean readsItByState = successor.reading() == Reading.STATE && successor.readsItsSource();
        held.ranges().forEach((topic, partitions) -> {
            Map<Integer, Long> read = rewind.point().offsets().offsets().getOrDefault(topic, Map.of());
            if (readsItByState && read.isEmpty()) {
                throw cannot(rewind, "when that was made, not all partitions of topic " + topic + " had been read");
            }
            if (readsItByState && partitions.size() > read.size()) {
                throw new FlinkClusterException("--source must be offsets, since topic " + topic + " has "
                        + partitions.size() + " partitions, and " + read.size() + " when the point was made");
            }
        });
        return again;
    }

    /** The same with the archive of its source, where that has to be read. */
    private static Again archived(Again again, RouterJob job) {
        OffsetRange gone = again.lacking();
        Optional<KafkaSource> source = job.sources().stream()
                .flatMap(one -> Optional.ofNullable(one.kafka()).stream())
                .filter(kafka -> kafka.archive() != null && kafka.topics().contains(again.topic()))
                .findFirst();
        if (gone == null || source.isEmpty()) {
            return again;
        }
        String archive = requireNonNull(source.get().archive());
        try {
            job.reachFileSystems();
            return again.with(
                    archive,
                    KafkaEvents.notArchived(source.get(), again.topic(), again.partition(), gone)
                            .orElse(null));
        } catch (IOException e) {
            throw new FlinkClusterException("archive " + archive + " must be there, but: " + e.getMessage(), e);
        }
    }

    private FlinkClusterException cannot(Rewind rewind, String why) {
        return new FlinkClusterException(
                "job " + jobName + " cannot be taken back to " + rewind.point().at() + ": " + why);
    }
}
