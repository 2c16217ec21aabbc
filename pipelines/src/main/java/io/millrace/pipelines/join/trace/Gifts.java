package io.millrace.pipelines.join.trace;

import io.millrace.devinterface.spec.Credit;
import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.transforms.joiner.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which left events of a key the traces say were given to which right one. A trace names left events by their times alone. */
final class Gifts {
    private final JoinSpec join;
    private final Distances distances;
    private final List<ToldEvent> lefts;
    private final Map<ToldEvent, List<ToldEvent>> given = new HashMap<>();
    private final Map<ToldEvent, List<Long>> untold = new HashMap<>();
    private final Map<ToldEvent, Trace> results = new HashMap<>();
    private final Map<ToldEvent, ToldEvent> firstGiven = new HashMap<>();

    private Gifts(JoinSpec join, List<ToldEvent> lefts) {
        this.join = join;
        this.distances = new Distances(join);
        this.lefts = lefts.stream().filter(ToldEvent::isTaken).toList();
    }

    /** Those of events that are in the order of their times. */
    static Gifts of(JoinSpec join, List<ToldEvent> lefts, List<ToldEvent> rights, List<Trace> traces) {
        Gifts gifts = new Gifts(join, lefts);
        Results results = Results.of(join.creditOnce(), traces);
        Map<Long, List<ToldEvent>> byTime = rights.stream()
                .filter(ToldEvent::isTaken)
                .collect(Collectors.groupingBy(ToldEvent::time, TreeMap::new, Collectors.toList()));
        byTime.forEach((time, ofTime) -> {
            for (int i = 0; i < ofTime.size(); i++) {
                ToldEvent right = ofTime.get(i);
                results.of(time, i).ifPresent(result -> gifts.add(right, result));
            }
        });
        return gifts;
    }

    private void add(ToldEvent right, Trace result) {
        results.put(right, result);
        Map<Long, Integer> times = new TreeMap<>(Results.leftTimes(result));
        List<ToldEvent> these = distances.hasGranules() ? ofGranules(right, times) : ofTimes(right, times);
        given.put(right, these);
        these.forEach(left -> firstGiven.putIfAbsent(left, right));
    }

    private List<ToldEvent> ofTimes(ToldEvent right, Map<Long, Integer> times) {
        List<ToldEvent> these = new ArrayList<>();
        times.forEach((time, number) -> {
            List<ToldEvent> free =
                    free().stream().filter(left -> left.time() == time).toList();
            int some = Math.min(number, free.size());
            boolean fromTheLast = join.credit() == Credit.LAST;
            these.addAll(fromTheLast ? free.subList(free.size() - some, free.size()) : free.subList(0, some));
            for (int i = some; i < number; i++) {
                untold.computeIfAbsent(right, none -> new ArrayList<>()).add(time);
            }
        });
        return these;
    }

    /** An entry stands for some left events of its granule, none of them before it. */
    private List<ToldEvent> ofGranules(ToldEvent right, Map<Long, Integer> times) {
        times.keySet().stream()
                .filter(time -> lefts.stream().noneMatch(left -> left.time() == time))
                .forEach(time ->
                        untold.computeIfAbsent(right, none -> new ArrayList<>()).add(time));
        return free().stream()
                .filter(left -> distances.isWithin(left.time(), right.time()))
                .filter(left -> times.keySet().stream()
                        .anyMatch(time ->
                                time <= left.time() && distances.granuleOf(time) == distances.granuleOf(left.time())))
                .toList();
    }

    private List<ToldEvent> free() {
        return join.creditOnce()
                ? lefts.stream().filter(left -> !firstGiven.containsKey(left)).toList()
                : lefts;
    }

    /** The left events that a right one was given. */
    List<ToldEvent> of(ToldEvent right) {
        return given.getOrDefault(right, List.of());
    }

    /** The times of those that it was given and of which no trace tells. */
    List<Long> untold(ToldEvent right) {
        return untold.getOrDefault(right, List.of());
    }

    /** What left last for a right one. */
    Optional<Trace> result(ToldEvent right) {
        return Optional.ofNullable(results.get(right));
    }

    /** The first right event that was given a left one. */
    Optional<ToldEvent> firstGiven(ToldEvent left) {
        return Optional.ofNullable(firstGiven.get(left));
    }
}
