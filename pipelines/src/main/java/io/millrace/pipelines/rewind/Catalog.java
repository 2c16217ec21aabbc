package io.millrace.pipelines.rewind;

import io.millrace.runnerprofiles.StateFolder;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The restore points of a job, in a folder beside its checkpoints: so it outlives the job and its cluster, and is wherever the points are.
 *
 * <p>Each point is a small file of its own whose name begins with its time, so two who keep the same catalog do not harm each other, and the
 * newest points are found by their names. What a job said of itself is there once for all its points.
 *
 * <p><i>Fails</i>: with an {@link io.millrace.runnerprofiles.FlinkClusterException} where its folder cannot be listed. A file in it that cannot be read is left
 * out, which the log says.
 */
public final class Catalog {
    /** The folder of catalogs in that of checkpoints. */
    public static final String FOLDER = "restore-points";

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
    private static final String SUFFIX = ".json";

    private final StateFolder folder;
    private final StateFolder jobs;
    private final StateFolder points;

    private Catalog(StateFolder folder) {
        this.folder = folder;
        this.jobs = folder.folder("jobs");
        this.points = folder.folder("points");
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

    /** How many points there are. */
    public int size() {
        return names(points).size();
    }

    /** All points, the newest first. */
    public List<RestorePoint> all() {
        return newest(Integer.MAX_VALUE);
    }

    /** The newest points, so many at most, the newest first. */
    public List<RestorePoint> newest(int most) {
        return names(points).stream()
                .limit(most)
                .parallel()
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
    void add(RestorePoint point) {
        points.write(point.name() + SUFFIX, point.json());
    }

    /** Has a point no more. */
    void remove(RestorePoint point) {
        points.delete(point.name() + SUFFIX);
    }

    /** What a job said of itself that left points; nothing of one that never was seen. */
    public Optional<Restorable> job(String jobId) {
        return Optional.ofNullable(read(jobId, jobs, Restorable::parse));
    }

    /** Adds what a job says of itself. */
    void add(Restorable job) {
        jobs.write(job.id() + SUFFIX, job.json());
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
