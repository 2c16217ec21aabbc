package io.millrace.pipelines.join.trace;

import io.millrace.devinterface.spec.Credit;
import io.millrace.devinterface.spec.JoinSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the events of a key would be given with other settings: by definition, since events belong together by their times alone. */
final class Trial {
    private final Map<ToldEvent, List<ToldEvent>> given = new HashMap<>();
    private final Map<ToldEvent, ToldEvent> firstGiven = new HashMap<>();

    private Trial() {}

    /**
     * Tries some settings.
     *
     * @param events the key's
     * @param one the pair that it is about, which is there in any case
     * @param fixes the settings that are other than in the spec
     */
    static Trial of(JoinSpec join, List<ToldEvent> events, NotGiven one, List<Fix> fixes) {
        Trial trial = new Trial();
        Distances distances = new Distances(join, fixes);
        Credit credit = has("credit", fixes) ? Credit.ALL : join.credit();
        boolean once = join.creditOnce() && !has("creditOnce", fixes);
        List<ToldEvent> there = events.stream()
                .filter(event -> event.equals(one.left()) || event.equals(one.right()) || isThere(event, distances))
                .toList();
        List<ToldEvent> lefts = there.stream().filter(ToldEvent::isLeft).toList();
        there.stream()
                .filter(event -> !event.isLeft())
                .forEach(right -> trial.give(
                        right,
                        lefts.stream()
                                .filter(left -> distances.isWithin(left.time(), right.time()))
                                .filter(left -> !once || !trial.firstGiven.containsKey(left))
                                .toList(),
                        credit));
        return trial;
    }

    private static boolean has(String setting, List<Fix> fixes) {
        return fixes.stream().anyMatch(fix -> fix.setting().equals(setting));
    }

    /** One over the limit stays so: with room for one there need not be room for all. */
    private static boolean isThere(ToldEvent event, Distances distances) {
        return switch (event.fate()) {
            case TAKEN -> true;
            case LATE -> Words.isTime(event.watermark()) && !distances.isLate(event.time(), event.watermark());
            default -> false;
        };
    }

    private void give(ToldEvent right, List<ToldEvent> candidates, Credit credit) {
        List<ToldEvent> these = new ArrayList<>(candidates);
        if (!candidates.isEmpty() && credit != Credit.ALL) {
            these.clear();
            these.add(candidates.get(credit == Credit.FIRST ? 0 : candidates.size() - 1));
        }
        given.put(right, these);
        these.forEach(left -> firstGiven.putIfAbsent(left, right));
    }

    List<ToldEvent> of(ToldEvent right) {
        return given.getOrDefault(right, List.of());
    }

    /** The first right event that would be given a left one. */
    Optional<ToldEvent> firstGiven(ToldEvent left) {
        return Optional.ofNullable(firstGiven.get(left));
    }
}
