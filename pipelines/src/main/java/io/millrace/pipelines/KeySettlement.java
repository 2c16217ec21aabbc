package io.millrace.pipelines;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import com.google.common.collect.Sets;
import io.millrace.pipelines.view.Answer;
import io.millrace.pipelines.view.StoredView.Found;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        Look look = new Look(Set.of(), new LinkedHashSet<>(keys));
        for (int time = 0; time < TIMES && !look.again().isEmpty(); time++) {
            if (time > 0) {
                view.awaitWritten();
            }
            look = lookAt(look.again());
        }
        Set<String> told = Sets.difference(repaired, untold);
        return new Settled(deleted, Sets.difference(told, look.differing()), untold, look.differing(), kept, refused);
    }

    /**
     * What a look has found.
     *
     * @param differing keys that are written again, or could not be deleted, since somebody else has written them meanwhile
     * @param again keys to look at once more: these, and those that were deleted, of which a writer may have found the old value newer than its own just before
     */
    private record Look(Set<String> differing, Set<String> again) {}

    private Look lookAt(Set<String> keys) throws IOException {
        Look all = new Look(new LinkedHashSet<>(), new LinkedHashSet<>());
        for (List<String> some : Iterables.partition(keys, AskedView.KEYS_OF_A_REQUEST)) {
            lookAt(some, all);
        }
        return all;
    }

    /** What is stored is seen before the view is asked, and nothing else is deleted: what a key gets that the view comes to know meanwhile stays. */
    private void lookAt(List<String> keys, Look look) throws IOException {
        StoredViews.Seen seen = stored.see(keys);
        Map<String, Answer.Told> told = new HashMap<>();
        view.ask(
                keys,
                Kind.TELL,
                TOLD_PER_SECOND,
                terminal,
                answer -> answer.told().forEach(one -> told.put(one.key(), one)));
        for (String key : keys) {
            if (!told.containsKey(key) && seen.has(key)) {
                take(key, seen, look);
            }
        }
        Set<String> wrong = wrong(told);
        if (!wrong.isEmpty()) {
            view.ask(wrong, Kind.REPAIR, null, terminal, answer -> {});
        }
        repaired.addAll(wrong);
        look.differing().addAll(Sets.difference(wrong, untold));
        look.again().addAll(Sets.difference(wrong, untold));
    }

    private void take(String key, StoredViews.Seen seen, Look look) throws IOException {
        if (extent != Extent.ALL) {
            kept.add(key);
            return;
        }
        look.again().add(key);
        if (stored.delete(key, seen)) {
            deleted.add(key);
        } else {
            look.differing().add(key);
        }
    }

    /** The keys that are to be written again. */
    private Set<String> wrong(Map<String, Answer.Told> told) throws IOException {
        Set<String> wrong = new LinkedHashSet<>();
        for (Found found : stored.compare(told.values())) {
            switch (found.verdict()) {
                case UNREAD -> throw new IOException(found.problem());
                case REFUSED -> refused(found.key(), told, wrong);
                case MISSING, STALE -> wrong.add(found.key());
                case FOREIGN, ORPHANED -> (extent == Extent.BEHIND ? kept : wrong).add(found.key());
                case RIGHT -> {}
            }
        }
        return wrong;
    }

    /** What is too large to be told may be stored all the same. */
    private void refused(String key, Map<String, Answer.Told> told, Set<String> wrong) {
        Answer.Told of = told.get(key);
        if (of == null || !of.isTooLarge()) {
            refused.add(key);
        } else if (extent == Extent.BEHIND) {
            kept.add(key);
        } else {
            untold.add(key);
            wrong.add(key);
        }
    }
}
