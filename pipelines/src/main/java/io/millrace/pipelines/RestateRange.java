package io.millrace.pipelines;

import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.TopicOffsets;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a range begins that is restated, and where it ends: with which point, and how far behind it all of it is written. */
final class RestateRange {
    private final RestateOptions.Chosen chosen;
    private final Rewinds rewinds;
    private final Catalog catalog;

    RestateRange(RestateOptions.Chosen chosen) {
        this.chosen = chosen;
        this.rewinds = chosen.rewinds();
        this.catalog = rewinds.catalog();
    }

    /**
     * Begins at the newest point at which the job held nothing that it still held at the newest one from before the range: so all that came of what is held there was written before the range. Where no
     * point is so old, at the newest: what came of events that were held there is then restated too, as far as it is still made.
     */
    Rewind beginning() {
        Rewind newest =
                beginningWith(points().findFirst().orElseThrow(() -> rewinds.noPoint("from before " + chosen.from())));
        RouterJob job = rewinds.foreseen(newest).job();
        Duration holds = holds(job);
        if (holds.isZero()) {
            return newest;
        }
        Instant settled = newest.point().watermark();
        return points().filter(point -> settled != null
                        && point.furthest() != null
                        && !settledAt(point.furthest(), job, holds).isAfter(settled))
                .findFirst()
                .map(this::beginningWith)
                .orElseGet(() -> {
                    rewinds.terminal()
                            .err()
                            .println(
                                    "no point is old enough: what joins and windows held at the newest one from before the range is restated too, but what is not made any more of that stays in the sinks");
                    return newest;
                });
    }

    private Stream<RestorePoint> points() {
        return catalog.before(chosen.from())
                .filter(point ->
                        point.isComplete() && !point.offsets().equals(TopicOffsets.NONE) && Catalog.isThere(point));
    }

    private Rewind beginningWith(RestorePoint point) {
        return rewinds.choose(point, chosen.from(), chosen.spec(), Reading.OFFSETS, chosen.beamOptions());
    }

    /**
     * Where the range ends.
     *
     * @param furthest how far event time had come there; null where that is not known
     */
    record End(TopicOffsets offsets, @Nullable Instant furthest) {}

    /** Where the range ends, for a job. */
    End end(RouterJob job) {
        return catalog.firstSince(chosen.to())
                .map(point -> new End(point.offsets(), point.furthest()))
                .orElseGet(() -> new End(HeldTopics.now(job).ends(), null));
    }

    /** How long the job that is, or the one that would be, holds what it has read: the longer of both. */
    Duration holds(RouterJob job) {
        Duration now = rewinds.holdsNow();
        return job.holds().compareTo(now) > 0 ? job.holds() : now;
    }

    /** When event time is there, all that comes of events is written that have been read: none of them is later than the furthest watermark and what may be out of order. */
    static Instant settledAt(Instant furthest, RouterJob job, Duration holds) {
        Duration outOfOrder = job.sources().stream()
                .map(source -> source.eventTimes().maxOutOfOrderness())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return furthest.plus(outOfOrder).plus(holds);
    }
}
