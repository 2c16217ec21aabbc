package io.millrace.benchmarks.enrich;

import io.millrace.testfixtures.history.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How many calls came in a time.
 *
 * @param arrivals of calls, in order
 */
record CallRates(List<Instant> arrivals) {
    static CallRates of(List<Call> calls) {
        return new CallRates(calls.stream().map(Call::arrival).sorted().toList());
    }

    /** Those from a moment on, until another. */
    CallRates between(Instant from, Instant to) {
        return new CallRates(arrivals.stream()
                .filter(at -> !at.isBefore(from) && at.isBefore(to))
                .toList());
    }

    /** The most in any time so long, for a second of it. */
    double most(Duration span) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < arrivals.size(); last++) {
            while (!arrivals.get(first).plus(span).isAfter(arrivals.get(last))) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return perSecond(most, span);
    }

    /** The least in any time so long that lies between the first and the last, for a second of it. */
    double least(Duration span) {
        int least = Integer.MAX_VALUE;
        int end = 0;
        Instant last = arrivals.get(arrivals.size() - 1);
        for (int first = 0; !arrivals.get(first).plus(span).isAfter(last); first++) {
            Instant until = arrivals.get(first).plus(span);
            while (arrivals.get(end).isBefore(until)) {
                end++;
            }
            least = Math.min(least, end - first - 1); // begins just behind a call: the fewest
        }
        return perSecond(least, span);
    }

    private static double perSecond(int calls, Duration span) {
        return calls / (span.toMillis() / 1e3);
    }
}
