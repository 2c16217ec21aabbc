package io.millrace.pipelines.rewind;

import io.millrace.pipelines.router.JobOptions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a job has come from: of each epoch the time up to which it counts. A job that was rewound at noon to a point of ten was, from then on, never what it was between
 * ten and noon: points of that are none of its past, unless the rewind was undone.
 */
final class History {
    private final Catalog catalog;
    private final Map<String, Long> epochs = new HashMap<>();
    private final NavigableMap<Long, Rewind> rewinds = new TreeMap<>();
    private final Map<Long, Instant> countsUntil = new HashMap<>();

    private History(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The history of the job of a catalog, as it is now. */
    static History of(Catalog catalog) {
        History history = new History(catalog);
        catalog.rewinds().stream()
                .filter(history::hasBegun)
                .forEach(rewind -> history.rewinds.put(rewind.epoch(), rewind));
        Long epoch = history.rewinds.isEmpty() ? Long.valueOf(0) : history.rewinds.lastKey();
        Instant until = Instant.MAX;
        for (Rewind rewind = history.rewinds.get(epoch); rewind != null; rewind = history.rewinds.get(epoch)) {
            history.countsUntil.put(epoch, until);
            until = rewind.point().at();
            epoch = history.begunIn(history.epochOf(rewind.point()));
        }
        history.countsUntil.put(epoch, until);
        return history;
    }

    /** A command that broke off may not have noted that the job of a rewind began, which has left points since. */
    private boolean hasBegun(Rewind rewind) {
        return rewind.hasBegun()
                || (rewind.step() == Rewind.Step.STOPPED
                        && catalog.job(rewind.jobId()).isPresent());
    }

    /** The epoch of the rewind that a job comes from: others than those of rewinds that began something are of starts and upgrades. */
    private Long begunIn(long epoch) {
        Long begun = rewinds.floorKey(epoch);
        return begun == null ? Long.valueOf(0) : begun;
    }

    /** Whether a point is of the job's past. */
    boolean has(RestorePoint point) {
        return !point.at().isAfter(countsUntil.getOrDefault(begunIn(epochOf(point)), Instant.MIN));
    }

    private long epochOf(RestorePoint point) {
        return epochs.computeIfAbsent(
                point.jobId(),
                id -> catalog.job(id).map(job -> JobOptions.epoch(job.shown())).orElse(0L));
    }
}
