package io.millrace.testfixtures.join;

import io.millrace.testfixtures.join.JoinCase.Arrival;
import io.millrace.testfixtures.join.JoinCase.Step;
import io.millrace.testfixtures.join.JoinCase.Watermark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What must come out of a full outer join, by definition: each pair of elements is looked at.
 *
 * <p>Results are texts: {@code joined key right@time [lefts]}, {@code left key name}, {@code right key name@time} and {@code late
 * side key name@time}. Several elements that are one have their names joined by {@code +}; of those it is the time of the earliest.
 */
public final class JoinOracle {
    private static final Comparator<Arrival> ORDER =
            Comparator.comparingLong(Arrival::time).thenComparing(Arrival::name);

    private final JoinCase join;
    private final List<String> results = new ArrayList<>();

    private JoinOracle(JoinCase join) {
        this.join = join;
    }

    /** The results, sorted. */
    public static List<String> results(JoinCase join) {
        JoinOracle oracle = new JoinOracle(join);
        Map<String, Set<Arrival>> keys = new TreeMap<>();
        oracle.accepted()
                .forEach(arrival -> keys.computeIfAbsent(arrival.key(), key -> new HashSet<>())
                        .add(arrival));
        keys.forEach(oracle::join);
        return oracle.results.stream().sorted().toList();
    }

    /** Those that are not late. */
    private List<Arrival> accepted() {
        List<Arrival> accepted = new ArrayList<>();
        long watermark = Long.MIN_VALUE / 2;
        for (Step step : join.steps()) {
            if (step instanceof Watermark moved) {
                watermark = moved.time();
            } else if (step instanceof Arrival arrival) {
                if (arrival.time() < watermark - join.allowedLateness()) {
                    results.add(arrival.late());
                } else {
                    accepted.add(arrival);
                }
            }
        }
        return accepted;
    }

    private void join(String key, Set<Arrival> arrivals) {
        List<Arrival> lefts =
                arrivals.stream().filter(Arrival::isLeft).sorted(ORDER).toList();
        List<Arrival> rights = arrivals.stream()
                .filter(arrival -> !arrival.isLeft())
                .sorted(ORDER)
                .toList();
        Set<Arrival> credited = new HashSet<>();
        groups(rights).forEach(group -> join(key, group, lefts, credited));
        lefts.stream()
                .filter(left -> !credited.contains(left))
                .forEach(left -> results.add("left " + key + " " + left.name()));
    }

    private Collection<List<Arrival>> groups(List<Arrival> rights) {
        return join.rightGranule() == 0
                ? rights.stream().map(List::of).toList()
                : rights.stream()
                        .collect(Collectors.groupingBy(
                                right -> Math.floorDiv(right.time(), join.rightGranule()),
                                TreeMap::new,
                                Collectors.toList()))
                        .values();
    }

    private void join(String key, List<Arrival> group, List<Arrival> lefts, Set<Arrival> credited) {
        long time = group.get(0).time();
        List<Arrival> candidates = lefts.stream()
                .filter(left -> belong(left.time(), time))
                .filter(left -> !join.creditsOnce() || !credited.contains(left))
                .toList();
        String right = key + " " + names(group, "+") + "@" + time;
        if (candidates.isEmpty()) {
            results.add("right " + right);
        } else {
            List<Arrival> given = given(candidates);
            credited.addAll(given);
            results.add("joined " + right + " [" + names(given, "+") + "]");
        }
    }

    private boolean belong(long left, long right) {
        long from = join.leftGranule() == 0 ? left : Math.floorDiv(left, join.leftGranule()) * join.leftGranule();
        return left <= right + join.rightFirst() && right - from <= join.leftFirst();
    }

    private List<Arrival> given(List<Arrival> candidates) {
        return switch (join.credit()) {
            case ALL -> candidates;
            case FIRST -> List.of(candidates.get(0));
            case LAST -> List.of(candidates.get(candidates.size() - 1));
        };
    }

    private static String names(List<Arrival> arrivals, String between) {
        return arrivals.stream().map(Arrival::name).collect(Collectors.joining(between));
    }
}
