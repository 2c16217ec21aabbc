package io.millrace.pipelines.join.trace;

import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace;
import io.millrace.transforms.joiner.Trace.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.joda.time.Instant;

/**
 * What left for the right events of a key, by their times.
 *
 * <p>A trace of a result names its right event by its time alone. Where several are of one time and each left event is given once, the
 * results are theirs in their order; else all of them have the same one, the last.
 */
final class Results {
    private static final Set<Step> RESULTS =
            Set.of(Step.COMPLETE, Step.EARLY, Step.CORRECTION, Step.RETRACTION, Step.UNMATCHED);

    private final boolean creditsOnce;
    private final Map<Long, List<Trace>> byTime = new HashMap<>();

    private Results(boolean creditsOnce) {
        this.creditsOnce = creditsOnce;
    }

    static Results of(boolean creditsOnce, List<Trace> traces) {
        Results results = new Results(creditsOnce);
        traces.stream()
                .filter(trace -> trace.side() == Side.RIGHT && RESULTS.contains(trace.step()))
                .forEach(trace -> results.byTime
                        .computeIfAbsent(trace.time().getMillis(), none -> new ArrayList<>())
                        .add(trace));
        return results;
    }

    /**
     * What left last for a right event.
     *
     * @param number which one of its time it is, from 0 on
     */
    Optional<Trace> of(long time, int number) {
        List<Trace> traces = byTime.getOrDefault(time, List.of());
        if (traces.isEmpty() || (creditsOnce && number >= traces.size())) {
            return Optional.empty();
        }
        return Optional.of(traces.get(creditsOnce ? number : traces.size() - 1));
    }

    /** The times of the left events in a result, each as often as it is there; one that was taken back has none. */
    static Map<Long, Integer> leftTimes(Trace result) {
        Map<Long, Integer> times = new HashMap<>();
        if (result.step() != Step.RETRACTION) {
            result.lefts().stream().map(Instant::getMillis).forEach(time -> times.merge(time, 1, Integer::sum));
        }
        return times;
    }
}
