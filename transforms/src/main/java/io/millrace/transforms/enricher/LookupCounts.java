package io.millrace.transforms.enricher;

import java.util.concurrent.atomic.LongAdder;

/** What a process did for lookups, until a task reports it. */
final class LookupCounts {
    final LongAdder calls = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder throttled = new LongAdder();
    final LongAdder cacheHits = new LongAdder();
    final LongAdder merged = new LongAdder();
}
