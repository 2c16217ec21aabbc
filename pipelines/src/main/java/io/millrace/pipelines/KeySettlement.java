package io.millrace.pipelines;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import com.google.common.collect.Sets;
import io.millrace.pipelines.view.Answer;
import io.millrace.pipelines.view.StoredView.Found;
import io.millrace.pipelines.view.Verdict;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes right what is stored of keys of a view that may differ, in whatever way: what the view has otherwise is written again by its job, and what it does not know is deleted, as far as nobody else
 * stores there. Keys are looked at up to three times.
 */
final class KeySettlement {
    private static final int TIMES = 3;

    /** Who is told and writes nothing need not go at the rate at which stores are written. */
    private static final double TOLD_PER_SECOND = 100_000;

    private final AskedView view;
    private final StoredViews stored;
    private final Extent extent;
    private final Terminal terminal;
    private final Set<String> deleted = new HashSet<>();
    private final Set<String> repaired = new HashSet<>();
    private final Set<String> untold = new HashSet<>();
    private final Set<String> kept = new HashSet<>();
    private final Set<String> refused = new HashSet<>();

    private KeySettlement(AskedView view, StoredViews stored, Extent extent, Terminal terminal) {
        this.view = view;
        this.stored = stored;
        this.extent = extent;
        this.terminal = terminal;
    }

    /** What of that which is stored is made right. */
    enum Extent {
        /** Everything: what the view does not know is deleted. */
        ALL,
        /** What the view knows, or has removed; what it does not know stays. */
        KNOWN,
        /** What is missing, or older than what the view has: all else may be of somebody who is right, and stays. */
        BEHIND
    }

    /**
     * What became of keys.
     *
     * @param deleted which the view does not know, and were stored
     * @param repaired which were written again and are right
     * @param untold which were written again, and are too large for the view to tell whether that is right
     * @param left which were deleted or written again, and differ still
     * @param kept which differ and stay
     * @param refused which a route or the store gives up
     */
    record Settled(
            Set<String> deleted,
            Set<String> repaired,
            Set<String> untold,
            Set<String> left,
            Set<String> kept,
            Set<String> refused) {
        Settled {
            deleted = ImmutableSet.copyOf(deleted);
            repaired = ImmutableSet.copyOf(repaired);
            untold = ImmutableSet.copyOf(untold);
            left = ImmutableSet.copyOf(left);
            kept = ImmutableSet.copyOf(kept);
            refused = ImmutableSet.copyOf(refused);
        }
    }

    /** Settles keys. */
    static Settled settle(Collection<String> keys, AskedView view, StoredViews stored, Extent extent, Terminal terminal)
            throws IOException {
        return new KeySettlement(view, stored, extent, terminal).settle(keys);
    }

    private Settled settle(Collection<String> keys) throws IOException {
        Set<String> left = new LinkedHashSet<>(keys);
        for (int time = 0; time < TIMES && !left.isEmpty(); time++) {
            if (time > 0) {
                view.awaitWritten();
            }
            left = lookAt(left, true);
        }
        if (!left.isEmpty()) {
            view.awaitWritten();
            left = lookAt(left, false);
        }
        deleted.removeAll(left);
        Stream.of(left, untold, kept).forEach(repaired::removeAll);
        return new Settled(deleted, repaired, untold, left, kept, refused);
    }

    /**
     * Looks at keys, and does what is to be done; gives those that are to be looked at once more: what was written again, or is to be written by the view itself, and what was deleted, of which a writer may
     * have found the old value newer than its own just before.
     *
     * @param acts whether anything is done; otherwise what is given differs
     */
    private Set<String> lookAt(Collection<String> keys, boolean acts) throws IOException {
        Set<String> again = new LinkedHashSet<>();
        for (List<String> some : Iterables.partition(keys, AskedView.KEYS_OF_A_REQUEST)) {
            again.addAll(lookAtSome(some, acts));
        }
        return again;
    }

    /** What is stored is seen before the view is asked, and nothing else is deleted: what a key gets that the view comes to know meanwhile stays. */
    private Set<String> lookAtSome(List<String> keys, boolean acts) throws IOException {
        kept.removeAll(keys);
        StoredViews.Seen seen = stored.see(keys);
        Map<String, Answer.Told> told = new HashMap<>();
        view.ask(
                keys,
                Kind.TELL,
                TOLD_PER_SECOND,
                terminal,
                answer -> answer.told().forEach(one -> told.put(one.key(), one)));
        Set<String> again = new LinkedHashSet<>();
        for (String key : keys) {
            if (!told.containsKey(key) && seen.has(key)) {
                if (extent != Extent.ALL) {
                    kept.add(key);
                    continue;
                }
                again.add(key);
                if (acts && stored.delete(key, seen)) {
                    deleted.add(key);
                }
            }
        }
        Set<String> wrong = wrong(told, again);
        if (acts && !wrong.isEmpty()) {
            view.ask(wrong, extent == Extent.BEHIND ? Kind.RENEW : Kind.REPAIR, null, terminal, answer -> {});
            repaired.addAll(wrong);
            deleted.removeAll(wrong);
        }
        again.addAll(Sets.difference(wrong, untold));
        return again;
    }

    /**
     * The keys that are to be written again.
     *
     * @param again is given those that differ, and that the view is about to write by itself
     */
    private Set<String> wrong(Map<String, Answer.Told> told, Set<String> again) throws IOException {
        Set<String> wrong = new LinkedHashSet<>();
        for (Found found : stored.compare(told.values())) {
            String key = found.key();
            switch (found.verdict()) {
                case RIGHT -> {}
                case UNREAD -> throw new IOException(found.problem());
                case REFUSED -> refused(key, told, wrong);
                case MISSING, STALE, FOREIGN, ORPHANED ->
                    (found.isPending() ? again : stays(found.verdict()) ? kept : wrong).add(key);
            }
        }
        wrong.removeAll(kept);
        return wrong;
    }

    private boolean stays(Verdict verdict) {
        return extent == Extent.BEHIND && (verdict == Verdict.FOREIGN || verdict == Verdict.ORPHANED);
    }

    /** What is too large to be told may be stored all the same: it is written once, and not looked at. */
    private void refused(String key, Map<String, Answer.Told> told, Set<String> wrong) {
        Answer.Told of = told.get(key);
        if (of == null || !of.isTooLarge()) {
            refused.add(key);
        } else if (untold.add(key)) {
            wrong.add(key);
        }
    }
}
