package io.millrace.pipelines.join.trace;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.Credit;
import io.millrace.devinterface.spec.JoinSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a right event would be given with other settings, and to which earlier one a left event would go: by definition, since events
 * belong together by their times alone.
 */
final class Trial {
    private final ToldEvent left;
    private final ToldEvent right;
    private final Distances distances;
    private final Credit credit;
    private final boolean once;
    private List<ToldEvent> given = List.of();
    private @Nullable ToldEvent firstGiven;

    private Trial(JoinSpec join, NotGiven one, List<Fix> fixes) {
        this.left = one.left();
        this.right = requireNonNull(one.right());
        this.distances = new Distances(join, fixes);
        this.credit = has("credit", fixes) ? Credit.ALL : join.credit();
        this.once = join.creditOnce() && !has("creditOnce", fixes);
    }

    private static boolean has(String setting, List<Fix> fixes) {
        return fixes.stream().anyMatch(fix -> fix.setting().equals(setting));
    }

    /**
     * Tries some settings.
     *
     * @param events the key's, in their order
     * @param one the pair that it is about, which is there in any case
     * @param fixes the settings that are other than in the spec
     */
    static Trial of(JoinSpec join, List<ToldEvent> events, NotGiven one, List<Fix> fixes) {
        Trial trial = new Trial(join, one, fixes);
        List<ToldEvent> free = new ArrayList<>();
        List<ToldEvent> rights = new ArrayList<>();
        events.stream().filter(trial::isThere).forEach(event -> (event.isLeft() ? free : rights).add(event));
        for (ToldEvent other : rights) {
            trial.give(other, free);
            if (other.equals(trial.right)) {
                return trial;
            }
        }
        return trial;
    }

    /** One over the limit stays so: with room for one there need not be room for all. */
    private boolean isThere(ToldEvent event) {
        return switch (event.fate()) {
            case TAKEN -> true;
            case LATE ->
                isOfThePair(event)
                        || (Words.isTime(event.watermark()) && !distances.isLate(event.time(), event.watermark()));
            default -> isOfThePair(event);
        };
    }

    private boolean isOfThePair(ToldEvent event) {
        return event.equals(left) || event.equals(right);
    }

    /** Gives an event what it is given of the left ones, which then are no longer free if they are given once. */
    private void give(ToldEvent to, List<ToldEvent> free) {
        List<ToldEvent> these = chosen(free.subList(
                first(free, one -> one.time() >= to.time() || distances.isWithin(one.time(), to.time())),
                first(free, one -> one.time() > to.time() && !distances.isWithin(one.time(), to.time()))));
        if (to.equals(right)) {
            given = List.copyOf(these);
        }
        if (firstGiven == null && !these.isEmpty() && isBetween(these.get(0), these.get(these.size() - 1))) {
            firstGiven = to;
        }
        if (once) {
            these.clear();
        }
    }

    private List<ToldEvent> chosen(List<ToldEvent> candidates) {
        if (candidates.isEmpty()) {
            return candidates;
        }
        return switch (credit) {
            case ALL -> candidates;
            case FIRST -> candidates.subList(0, 1);
            case LAST -> candidates.subList(candidates.size() - 1, candidates.size());
        };
    }

    /** Events that are given are neighbours, so the left one is among them if it is not beyond one of their ends. */
    private boolean isBetween(ToldEvent first, ToldEvent last) {
        return ToldEvent.ORDER.compare(first, left) <= 0 && ToldEvent.ORDER.compare(left, last) <= 0;
    }

    /** Where those begin of which something is true; it is of all behind the first. */
    private static int first(List<ToldEvent> events, Predicate<ToldEvent> isTrue) {
        int from = 0;
        int to = events.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (isTrue.test(events.get(middle))) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    /** What the right event would be given. */
    List<ToldEvent> given() {
        return given;
    }

    /** Whether it would be given the left one. */
    boolean isGiven() {
        return given.contains(left);
    }

    /** The first right event that the left one would be given to, none behind the right one of the pair. */
    Optional<ToldEvent> firstGiven() {
        return Optional.ofNullable(firstGiven);
    }
}
