package io.millrace.pipelines.rewind;

import io.millrace.pipelines.router.JobOptions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What a job has come from: of each epoch the time up to which it counts. A job that was rewound at noon to a point of ten was, from then on, never what it was between
 * ten and noon: points of that are none of its past, unless the rewind was undone.
 */
final class History {
    private final Catalog catalog;
    private final Map<String, Long> epochs = new HashMap<>();
    private final Map<Long, Instant> countsUntil = new HashMap<>();

    private History(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The history of the job of a catalog, as it is now. */
    static History of(Catalog catalog) {
        History history = new History(catalog);
        Map<Long, Rewind> rewinds = new HashMap<>();
        catalog.rewinds().stream().filter(Rewind::hasBegun).forEach(rewind -> rewinds.put(rewind.epoch(), rewind));
        long epoch = rewinds.keySet().stream().max(Long::compare).orElse(0L);
        Instant until = Instant.MAX;
        for (Rewind rewind = rewinds.get(epoch); rewind != null; rewind = rewinds.get(epoch)) {
            history.countsUntil.put(epoch, until);
            until = rewind.point().at();
            epoch = history.epochOf(rewind.point());
        }
        history.countsUntil.put(epoch, until);
        return history;
    }

    /** Whether a point is of the job's past. */
    boolean has(RestorePoint point) {
        return !point.at().isAfter(countsUntil.getOrDefault(epochOf(point), Instant.MIN));
    }

    private long epochOf(RestorePoint point) {
        return epochs.computeIfAbsent(
                point.jobId(),
                id -> catalog.job(id).map(job -> JobOptions.epoch(job.shown())).orElse(0L));
    }
}
