package io.millrace.pipelines.join.trace;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.devinterface.spec.JoinTracesSpec;
import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace;
import io.millrace.transforms.joiner.Trace.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.joda.time.Instant;

/**
 * What a join would give with other bounds, by the traces of some of its keys: every event that came is traced, whatever became of it, so the
 * delays are known that bounds have cut off.
 *
 * @param basis what it is based on
 * @param rows the bounds, the shortest first
 * @param lateness how late events came
 */
public record Advice(Basis basis, List<Row> rows, Lateness lateness) {
    /** With fewer right events shares say too little. */
    public static final int LEAST_RIGHTS = 20;

    /** How much more than its content is kept of an event at most; the benchmark {@code join} measures less. */
    static final int BYTES_OF_EVENT = 48;

    /** How much is kept of a key at most, likewise. */
    static final int BYTES_OF_KEY = 200;

    private static final List<Duration> LADDER = List.of(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4),
            Duration.ofHours(6),
            Duration.ofHours(12),
            Duration.ofHours(24));

    public Advice {
        rows = List.copyOf(rows);
    }

    /**
     * What it is based on.
     *
     * @param keys how many keys
     * @param share what share of all keys they are; 0 where they were not drawn
     * @param named how many keys are left out, since they were traced by name and not drawn
     * @param lefts how many left events
     * @param rights how many right events
     * @param from the earliest event time
     * @param to the latest event time
     * @param lag how far the watermark was behind the newest event on average; -1 where it is not known
     * @param content how many bytes are kept of a left event on average
     */
    public record Basis(
            int keys, double share, int named, long lefts, long rights, long from, long to, long lag, double content) {}

    /**
     * What a bound would give.
     *
     * @param bound how far a left event may be before a right one, in milliseconds
     * @param isOfSpec whether it is the one that the spec has
     * @param rights how many right events would be given a left one
     * @param lefts how many left events would be given to a right one
     * @param cutOff how many right events came less than the bound after the first event that is told of
     * @param events how many left events would be kept at a time
     * @param keys of how many keys
     */
    public record Row(long bound, boolean isOfSpec, long rights, long lefts, long cutOff, double events, double keys) {}

    /** From all traces, each once. */
    public static Advice of(JoinSpec join, Collection<TraceDocument> documents) {
        JoinTracesSpec traced = join.traces();
        double share = traced == null ? 0 : traced.share();
        List<String> named = traced == null || share == 0 ? List.of() : traced.keys();
        Map<String, List<TraceDocument>> byKey = documents.stream()
                .collect(Collectors.groupingBy(TraceDocument::key, TreeMap::new, Collectors.toList()));
        int before = byKey.size();
        byKey.keySet().removeAll(named);
        return new Reckoning(join, byKey, share, before - byKey.size()).advice();
    }

    private static final class Reckoning {
        private final JoinSpec join;
        private final double share;
        private final int named;
        private final List<Trace> arrivals;
        private final List<Trace> timed;
        private final List<KeyEvents> keys;

        Reckoning(JoinSpec join, Map<String, List<TraceDocument>> byKey, double share, int named) {
            this.join = join;
            this.share = share;
            this.named = named;
            this.arrivals = byKey.values().stream()
                    .flatMap(List::stream)
                    .map(TraceDocument::trace)
                    .filter(trace -> ToldEvents.ARRIVALS.contains(trace.step()))
                    .sorted(TraceDocument.ORDER)
                    .toList();
            this.timed = timed(arrivals);
            this.keys = byKey.values().stream()
                    .map(documents -> KeyEvents.of(
                            join, documents.stream().map(TraceDocument::trace).toList()))
                    .toList();
        }

        /** Those that met a watermark that had set out: while files are read it stands before all events. */
        private static List<Trace> timed(List<Trace> arrivals) {
            Optional<Instant> first = arrivals.stream().map(Trace::time).min(Comparator.naturalOrder());
            List<Trace> timed = arrivals.stream()
                    .filter(one -> Words.isTime(one.watermark().getMillis()))
                    .toList();
            boolean hasSetOut = timed.stream().anyMatch(one -> one.watermark().isAfter(first.orElseThrow()));
            return hasSetOut ? timed : List.of();
        }

        Advice advice() {
            Basis basis = basis();
            return new Advice(basis, bounds().map(bound -> row(bound, basis)).toList(), Lateness.of(timed));
        }

        private Basis basis() {
            return new Basis(
                    keys.size(),
                    share,
                    named,
                    keys.stream().mapToLong(key -> key.lefts().length).sum(),
                    keys.stream().mapToLong(key -> key.rights().length).sum(),
                    arrivals.stream()
                            .mapToLong(one -> one.time().getMillis())
                            .min()
                            .orElse(0),
                    arrivals.stream()
                            .mapToLong(one -> one.time().getMillis())
                            .max()
                            .orElse(0),
                    lag(),
                    arrivals.stream()
                            .filter(one -> one.step() == Step.TAKEN && one.side() == Side.LEFT)
                            .mapToInt(Trace::bytes)
                            .average()
                            .orElse(0));
        }

        private Stream<Duration> bounds() {
            List<Duration> bounds = new ArrayList<>(LADDER);
            bounds.add(join.leftFirst());
            return bounds.stream().distinct().sorted();
        }

        /** How far the watermark was behind the newest event by then. */
        private long lag() {
            long newest = Long.MIN_VALUE;
            long sum = 0;
            for (Trace arrival : timed) {
                newest = Math.max(newest, arrival.time().getMillis());
                sum += Math.max(0, newest - arrival.watermark().getMillis());
            }
            return timed.isEmpty() ? -1 : sum / timed.size();
        }

        private Row row(Duration bound, Basis basis) {
            long millis = bound.toMillis();
            long behind = Math.max(0, basis.lag()) + join.allowedLateness().toMillis();
            List<KeyEvents.Given> given =
                    keys.stream().map(key -> key.given(join, millis, behind)).toList();
            double scale = (share > 0 ? 1 / share : 1) / Math.max(1_000, basis.to() - basis.from());
            return new Row(
                    millis,
                    bound.equals(join.leftFirst()),
                    given.stream().mapToLong(KeyEvents.Given::rights).sum(),
                    given.stream().mapToLong(KeyEvents.Given::lefts).sum(),
                    keys.stream()
                            .flatMapToLong(key -> Arrays.stream(key.rights()))
                            .filter(right -> right - millis < basis.from())
                            .count(),
                    scale
                            * given.stream()
                                    .mapToLong(KeyEvents.Given::eventMillis)
                                    .sum(),
                    scale * given.stream().mapToLong(KeyEvents.Given::keyMillis).sum());
        }
    }
}
