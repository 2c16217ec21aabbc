package io.millrace.transforms.enricher;

import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/** The counters of a step's lookups. What a process did is reported by whichever of its tasks ends a bundle next. */
final class LookupMetrics implements Serializable {
    private static final long serialVersionUID = 1;

    private final Counter calls;
    private final Counter retries;
    private final Counter failures;
    private final Counter throttled;
    private final Counter cacheHits;
    private final Counter merged;
    private final Counter answers;
    private final Counter misses;
    private final Counter dropped;

    LookupMetrics(String namespace) {
        this.calls = Metrics.counter(namespace, "lookup_calls");
        this.retries = Metrics.counter(namespace, "lookup_retries");
        this.failures = Metrics.counter(namespace, "lookup_failures");
        this.throttled = Metrics.counter(namespace, "lookup_throttled");
        this.cacheHits = Metrics.counter(namespace, "lookup_cache_hits");
        this.merged = Metrics.counter(namespace, "lookup_merged");
        this.answers = Metrics.counter(namespace, "lookup_answers");
        this.misses = Metrics.counter(namespace, "lookup_misses");
        this.dropped = Metrics.counter(namespace, "lookup_dropped");
    }

    void report(LookupCounts counts) {
        calls.inc(counts.calls.sumThenReset());
        retries.inc(counts.retries.sumThenReset());
        failures.inc(counts.failures.sumThenReset());
        throttled.inc(counts.throttled.sumThenReset());
        cacheHits.inc(counts.cacheHits.sumThenReset());
        merged.inc(counts.merged.sumThenReset());
    }

    /** It is known what there is of the keys of elements, or that there is nothing. */
    void countAnswers(long elements) {
        answers.inc(elements);
    }

    /** Of the key of an element there is nothing. */
    void countMiss() {
        misses.inc();
    }

    void countDropped() {
        dropped.inc();
    }
}
