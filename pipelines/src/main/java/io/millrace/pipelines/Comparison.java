package io.millrace.pipelines;

import io.millrace.pipelines.view.StoredView.Found;
import io.millrace.pipelines.view.Verdict;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What was found where keys of a view were compared with what is stored of them: the keys that are not right everywhere. */
final class Comparison {
    /** How many keys are shown of each verdict. */
    private static final int SHOWN = 10;

    private final int mostKeys;
    private final Map<String, List<Found>> notRight = new LinkedHashMap<>();
    private long beyond;

    /**
     * Nothing found yet.
     *
     * @param mostKeys how many keys that are not right can be remembered
     */
    Comparison(int mostKeys) {
        this.mostKeys = mostKeys;
    }

    /** Takes in what was found of some keys in all places. */
    void add(List<Found> found) {
        Map<String, List<Found>> byKey = new LinkedHashMap<>();
        found.forEach(one ->
                byKey.computeIfAbsent(one.key(), none -> new ArrayList<>()).add(one));
        byKey.forEach((key, all) -> {
            if (all.stream().allMatch(one -> one.verdict() == Verdict.RIGHT)) {
                return;
            }
            if (notRight.size() < mostKeys) {
                notRight.put(key, all);
            } else {
                beyond++;
            }
        });
    }

    /** How many more keys are not right than can be remembered. */
    long beyond() {
        return beyond;
    }

    /** The keys that are refused somewhere. */
    Set<String> refused() {
        return keys(Comparison::isRefused);
    }

    /** The keys that differ, and are about to be written anyway. */
    Set<String> changing() {
        return keys(all -> !isRefused(all) && isPending(all));
    }

    /** The keys that differ for no such reason. */
    Set<String> wrong() {
        return keys(all -> !isRefused(all) && !isPending(all));
    }

    private Set<String> keys(Predicate<List<Found>> which) {
        Set<String> keys = new LinkedHashSet<>();
        notRight.forEach((key, all) -> {
            if (which.test(all)) {
                keys.add(key);
            }
        });
        return keys;
    }

    private static boolean isRefused(List<Found> all) {
        return all.stream().anyMatch(one -> one.verdict() == Verdict.REFUSED);
    }

    private static boolean isPending(List<Found> all) {
        return all.stream().anyMatch(Found::isPending);
    }

    /** Forgets the keys that differ, to be looked at again. */
    Set<String> takeDiffering() {
        Set<String> keys = keys(all -> !isRefused(all));
        notRight.keySet().removeAll(keys);
        return keys;
    }

    /** Prints how many keys are not right in which place, and some of each kind. */
    void print(PrintStream out) {
        Set<String> changing = changing();
        List<Found> shown = notRight.values().stream()
                .flatMap(List::stream)
                .filter(found -> found.verdict() != Verdict.RIGHT && !changing.contains(found.key()))
                .toList();
        Map<String, Map<Verdict, Long>> counts = new TreeMap<>();
        shown.forEach(found -> counts.computeIfAbsent(
                        "route " + found.route() + ", zone " + found.zone(), none -> new EnumMap<>(Verdict.class))
                .merge(found.verdict(), 1L, Long::sum));
        counts.forEach((place, of) -> out.println(place + ": " + text(of)));
        for (Verdict verdict : Verdict.values()) {
            List<Found> of =
                    shown.stream().filter(found -> found.verdict() == verdict).toList();
            of.stream().limit(SHOWN).forEach(found -> out.println("  " + text(found)));
            if (of.size() > SHOWN) {
                out.printf("  and %,d more that are %s%n", of.size() - SHOWN, verdict.text());
            }
        }
        if (!changing.isEmpty()) {
            out.printf("%,d keys were changing%n", changing.size());
        }
        if (beyond > 0) {
            out.printf("and %,d more keys that are not right%n", beyond);
        }
    }

    private static String text(Found found) {
        return found.verdict().text() + " in zone " + found.zone() + ": " + ReadableKey.of(found.key())
                + (found.problem() == null ? "" : ": " + found.problem());
    }

    private static String text(Map<Verdict, Long> counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach((verdict, count) ->
                text.append(text.isEmpty() ? "" : ", ").append("%s %,d".formatted(verdict.text(), count)));
        return text.toString();
    }
}
