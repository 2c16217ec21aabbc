package io.millrace.benchmarks.router;

import java.util.Locale;

/**
 * What a contender did with the processor, per record, at its full rate once warm.
 *
 * @param cpuMicrosPerEvent processor time for each event read
 * @param cpuMicrosPerResult processor time for each result written
 * @param eventsPerSecond read
 * @param resultsPerSecond written
 * @param allocatedBytesPerEvent on the heap
 */
record Throughput(
        double cpuMicrosPerEvent,
        double cpuMicrosPerResult,
        double eventsPerSecond,
        double resultsPerSecond,
        double allocatedBytesPerEvent) {

    /** Between two samples, when so many results had been written. */
    static Throughput between(Sample from, long resultsThen, Sample to, long resultsNow, double eventsPerResult) {
        double results = resultsNow - resultsThen;
        double events = results * eventsPerResult;
        double cpuMicros = (to.cpuNanos() - from.cpuNanos()) / 1e3;
        double seconds = (to.atNanos() - from.atNanos()) / 1e9;
        return new Throughput(
                cpuMicros / events,
                cpuMicros / results,
                events / seconds,
                results / seconds,
                (to.allocatedBytes() - from.allocatedBytes()) / events);
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%.2f CPU µs an event, %,.0f events/s, %,.0f bytes allocated an event",
                cpuMicrosPerEvent,
                eventsPerSecond,
                allocatedBytesPerEvent);
    }
}
