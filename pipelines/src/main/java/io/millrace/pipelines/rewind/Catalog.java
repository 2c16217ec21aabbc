package io.millrace.pipelines.rewind;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.SavedState;
import io.millrace.runnerprofiles.StateFolder;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The restore points of a job, and how it was taken back to some, in a folder beside its checkpoints: so it outlives the job and its cluster, and is wherever the points are.
 *
 * <p>Each point is a small file of its own whose name begins with its time, so two who keep the same catalog do not harm each other, and the
 * newest points are found by their names. What a job said of itself is there once for all its points.
 *
 * <p><i>Fails</i>: with an {@link io.millrace.runnerprofiles.FlinkClusterException} where its folder cannot be listed. A point that cannot be read is left
 * out, which the log says; a rewind that cannot be read is a failure too.
 */
public final class Catalog {
    /** The folder of catalogs in that of checkpoints. */
    public static final String FOLDER = "restore-points";

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
    private static final String SUFFIX = ".json";

    private final StateFolder folder;
    private final StateFolder jobs;
    private final StateFolder points;
    private final StateFolder rewinds;
    private final StateFolder prepared;
    private final StateFolder epochs;
    private final StateFolder proofs;
    private final StateFolder rehearsals;
    private final StateFolder restatements;

    private Catalog(StateFolder folder) {
        this.folder = folder;
        this.jobs = folder.folder("jobs");
        this.points = folder.folder("points");
        this.rewinds = folder.folder("rewinds");
        this.prepared = folder.folder("prepared");
        this.epochs = folder.folder("epochs");
        this.proofs = folder.folder("proofs");
        this.rehearsals = folder.folder("rehearsals");
        this.restatements = folder.folder("restatements");
    }

    /** Where the catalogs of a cluster's jobs are: beside their checkpoints. Nowhere if those do not outlive the jobs. */
    public static Optional<StateFolder> beside(FlinkCluster cluster) {
        return cluster.checkpointFolder()
                .map(checkpoints -> StateFolder.at(checkpoints).folder(FOLDER));
    }

    /** The catalog of a job of a name, in a folder of catalogs. */
    public static Catalog of(String jobName, StateFolder catalogs) {
        return new Catalog(catalogs.folder(jobName));
    }

    /** Where savepoints lie that a schedule makes of the job. */
    StateFolder scheduled() {
        return folder.folder("savepoints");
    }

    private static List<String> names(StateFolder of) {
        return of.names().stream()
                .filter(name -> name.endsWith(SUFFIX))
                .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** All points, the newest first. */
    public List<RestorePoint> all() {
        return read(names());
    }

    /** The names of all points, the newest first. */
    public List<String> names() {
        return names(points);
    }

    /** The points of some names, in their order. */
    public List<RestorePoint> read(List<String> names) {
        return names.parallelStream()
                .flatMap(name -> Optional.ofNullable(read(name, points, RestorePoint::parse)).stream())
                .toList();
    }

    /** Reads what a file has. */
    private interface Parsing<T> {
        T parse(byte[] text) throws IOException;
    }

    private static <T> @Nullable T read(String name, StateFolder from, Parsing<T> parsing) {
        try {
            Optional<byte[]> text = from.read(name + SUFFIX);
            return text.isEmpty() ? null : parsing.parse(text.get());
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}/{}{} is left out, since it cannot be read: {}", from, name, SUFFIX, e.toString());
            return null;
        }
    }

    /** Adds a point, or takes the place of what it was. */
    public void add(RestorePoint point) {
        points.write(point.name() + SUFFIX, point.json());
    }

    /** Adds a point that is not noted yet. */
    public void addIfNew(RestorePoint point) {
        if (points.read(point.name() + SUFFIX).isEmpty()) {
            add(point);
        }
    }

    /** Removes a point. */
    void remove(RestorePoint point) {
        points.delete(point.name() + SUFFIX);
        proofs.delete(point.name());
    }

    /** What a job said of itself that left points; nothing of one that never was seen. */
    public Optional<Restorable> job(String jobId) {
        return Optional.ofNullable(read(jobId, jobs, Restorable::parse));
    }

    /** Adds what a job says of itself. */
    public void add(Restorable job) {
        jobs.write(job.id() + SUFFIX, job.json());
    }

    /** The highest epoch that anything of the job was written in, or was to be: of jobs and of corrections. */
    public long highestEpoch() {
        return highest(rewinds, epochs, restatements);
    }

    /** The highest epoch that the job has had, or was to have; corrections have one of their own. */
    public long highestEpochOfJobs() {
        return highest(rewinds, epochs);
    }

    private static long highest(StateFolder... folders) {
        return Stream.of(folders)
                .flatMap(folder -> names(folder).stream().limit(1))
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    /** Notes that a job begins in an epoch, which it may have from one of another name. */
    public void addEpoch(long epoch) {
        if (epoch > highestEpochOfJobs()) {
            epochs.write(Rewind.name(epoch) + SUFFIX, new byte[0]);
        }
    }

    /**
     * The newest point of the job's past that was begun before a moment, is complete, and is there; nothing if there is none. Points of times that a rewind has
     * taken back are none of its past.
     */
    public Optional<RestorePoint> newestBefore(Instant moment) {
        return before(moment)
                .filter(point -> point.isComplete() && isThere(point))
                .findFirst();
    }

    /** The points of the job's past that were begun before a moment, the newest first, whether or not they are complete, or there; each is read when its turn comes. */
    public Stream<RestorePoint> before(Instant moment) {
        History history = History.of(this);
        return names().stream()
                .filter(name -> RestorePoint.timeOf(name).isBefore(moment))
                .flatMap(name -> read(List.of(name)).stream())
                .filter(history::has);
    }

    /** Notes that a job has begun with a point, and written a checkpoint since. */
    public void addProof(RestorePoint point, Instant at) {
        proofs.write(point.name(), at.toString().getBytes(UTF_8));
    }

    /** When it was last proven that a job can begin with a point; nothing where it never was. */
    public Optional<Instant> provenAt(RestorePoint point) {
        return proofs.read(point.name()).map(text -> Instant.parse(new String(text, UTF_8)));
    }

    /** The rehearsals of which something may still be there. */
    public List<SideRun> rehearsals() {
        return names(rehearsals).stream()
                .flatMap(id -> Optional.ofNullable(read(id, rehearsals, SideRun::parse)).stream())
                .toList();
    }

    /** Whether the job of a rehearsal or a restatement may begin still. */
    public boolean mayBegin(String jobId) {
        Stream<SideRun> noted =
                Stream.concat(rehearsals().stream(), restatements().stream().map(Restatement::run));
        return noted.anyMatch(run -> run.jobId().equals(jobId) && !run.isOver());
    }

    /** Adds a rehearsal, or what became of it. */
    public void add(SideRun rehearsal) {
        rehearsals.write(rehearsal.jobId() + SUFFIX, rehearsal.json());
    }

    /** Forgets a rehearsal of which nothing is left. */
    public void remove(SideRun rehearsal) {
        rehearsals.delete(rehearsal.jobId() + SUFFIX);
    }

    /** What was restated of the job, the last first. */
    public List<Restatement> restatements() {
        return names(restatements).stream()
                .map(name -> Optional.ofNullable(read(name, restatements, Restatement::parse))
                        .orElseThrow(() -> new FlinkClusterException(restatements + "/" + name + SUFFIX
                                + " cannot be read, which says what was restated; see the log")))
                .toList();
    }

    /** Adds a restatement, or what became of it. */
    public void add(Restatement restatement) {
        restatements.write(restatement.name() + SUFFIX, restatement.json());
    }

    /** The first point that was begun at or after a moment, and of which it is known how far the job had read; nothing where there is none. */
    public Optional<RestorePoint> firstSince(Instant moment) {
        return since(moment)
                .filter(point -> !point.offsets().equals(TopicOffsets.NONE))
                .reduce((later, earlier) -> earlier);
    }

    /** The points that were begun at or after a moment, the newest first. */
    public Stream<RestorePoint> since(Instant moment) {
        return read(names().stream()
                        .filter(name -> !RestorePoint.timeOf(name).isBefore(moment))
                        .toList())
                .stream();
    }

    /** Where the job had read to at its newest point; nothing where none is known. */
    public Optional<TopicOffsets> newestOffsets() {
        return names().stream()
                .limit(1)
                .flatMap(name -> read(List.of(name)).stream())
                .map(RestorePoint::offsets)
                .findFirst();
    }

    /** Whether all of a point is there. */
    public static boolean isThere(RestorePoint point) {
        return SavedState.exists(point.path()) && point.damagesNow().isEmpty();
    }

    /** Each time that the job was rewound, the last first. */
    public List<Rewind> rewinds() {
        return names(rewinds).stream()
                .map(name -> Optional.ofNullable(read(name, rewinds, Rewind::parse))
                        .orElseThrow(() -> new FlinkClusterException(rewinds + "/" + name + SUFFIX
                                + " cannot be read, which says how the job was rewound; see the log")))
                .toList();
    }

    /** The rewind of an epoch; nothing if there is none. */
    public Optional<Rewind> rewind(long epoch) {
        return Optional.ofNullable(read(Rewind.name(epoch), rewinds, Rewind::parse));
    }

    /** Whether a cluster has made all ready for a job to begin. */
    public boolean isPrepared(String jobId) {
        return prepared.read(jobId).isPresent();
    }

    /** Notes that the cluster has made all ready for a job to begin. */
    void addPrepared(String jobId) {
        prepared.write(jobId, new byte[0]);
    }

    /** Forgets that. */
    public void removePrepared(String jobId) {
        prepared.delete(jobId);
    }

    /** Adds a rewind, or what became of it. */
    public void add(Rewind rewind) {
        rewinds.write(rewind.name() + SUFFIX, rewind.json());
    }

    /** Forgets what jobs said that were started before a time and of whom there is no point, but for some. */
    void forgetJobsBut(Collection<String> kept, Instant startedBefore) {
        Set<String> needed = new HashSet<>(kept);
        all().forEach(point -> needed.add(point.jobId()));
        names(jobs).stream()
                .filter(id -> !needed.contains(id))
                .filter(id -> job(id).map(job -> job.startedAt().isBefore(startedBefore))
                        .orElse(false))
                .forEach(id -> jobs.delete(id + SUFFIX));
    }
}
