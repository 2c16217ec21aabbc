package io.millrace.benchmarks.enrich;

import io.millrace.benchmarks.race.Assignment;
import java.util.List;

/**
 * How a contender looks up.
 *
 * @param url of the service of playback histories
 * @param maxInFlight how many events of a task wait for their answers at a time
 * @param callsPerSecond the most calls in a second; 0 for no limit
 * @param cached whether answers are kept
 * @param parallelism of the job
 */
record Lookup(String url, int maxInFlight, int callsPerSecond, boolean cached, int parallelism) {

    /** Without a limit and a cache, in one task. */
    static Lookup of(String url, int maxInFlight) {
        return new Lookup(url, maxInFlight, 0, false, 1);
    }

    Lookup withCallsPerSecond(int callsPerSecond) {
        return new Lookup(url, maxInFlight, callsPerSecond, cached, parallelism);
    }

    Lookup withCache() {
        return new Lookup(url, maxInFlight, callsPerSecond, true, parallelism);
    }

    Lookup withParallelism(int parallelism) {
        return new Lookup(url, maxInFlight, callsPerSecond, cached, parallelism);
    }

    List<String> arguments() {
        return List.of(
                url,
                Integer.toString(maxInFlight),
                Integer.toString(callsPerSecond),
                Boolean.toString(cached),
                Integer.toString(parallelism));
    }

    /** Reads what {@link #arguments} gives, behind those of an {@link Assignment}. */
    static Lookup parse(List<String> arguments) {
        List<String> own = arguments.subList(Assignment.ARGUMENTS, arguments.size());
        return new Lookup(
                own.get(0),
                Integer.parseInt(own.get(1)),
                Integer.parseInt(own.get(2)),
                Boolean.parseBoolean(own.get(3)),
                Integer.parseInt(own.get(4)));
    }
}
