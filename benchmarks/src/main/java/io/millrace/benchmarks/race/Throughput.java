package io.millrace.benchmarks.race;

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
public record Throughput(
        double cpuMicrosPerEvent,
        double cpuMicrosPerResult,
        double eventsPerSecond,
        double resultsPerSecond,
        double allocatedBytesPerEvent) {

    /** Of so many results, written between two samples, while the contender was at work for a time. */
    static Throughput between(Sample from, Sample to, long results, double eventsPerResult, long workedNanos) {
        double events = results * eventsPerResult;
        double cpuMicros = (to.cpuNanos() - from.cpuNanos()) / 1e3;
        double seconds = workedNanos / 1e9;
        return new Throughput(
                cpuMicros / events,
                cpuMicros / results,
                events / seconds,
                results / seconds,
                (to.allocatedBytes() - from.allocatedBytes()) / events);
    }

    /** In one line. */
    public String text() {
        return String.format(
                Locale.ROOT,
                "%.2f CPU µs an event, %,.0f events/s, %,.0f bytes allocated an event",
                cpuMicrosPerEvent,
                eventsPerSecond,
                allocatedBytesPerEvent);
    }
}
