package io.millrace.transforms.joiner;

import com.google.common.hash.Hashing;
import io.millrace.transforms.joiner.Joined.Stage;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/**
 * Decides what becomes of the elements of a key, by their times and by how far time has passed; of what came first it knows nothing.
 *
 * <p>It goes through the right ones in the order of their times, along with the left ones that are within their bounds.
 */
final class Pairing<LeftT, RightT> {
    private final Rules<LeftT, RightT> rules;
    private final Bounds bounds;
    private final Reduced<?, ?, LeftT> left;
    private final Reduced<?, ?, RightT> right;

    Pairing(Rules<LeftT, RightT> rules, Reduced<?, ?, LeftT> left, Reduced<?, ?, RightT> right) {
        this.rules = rules;
        this.bounds = rules.bounds();
        this.left = left;
        this.right = right;
    }

    /** Where what is decided goes to; times are in epoch milliseconds. */
    interface Outcome<LeftT, RightT> {
        /** A result, of a right one of this time, with these left ones. */
        void joined(Joined<LeftT, RightT> joined, long time, List<Entry> lefts);

        /** A left one that was given to none, with the time that it had, and the one from which on none can come for it. */
        void unmatchedLeft(LeftT left, long time, long passedAt);

        void unmatchedRight(RightT right, long time);

        /** A left one that is past, and needs not be given out. */
        void forgotten(Entry left);

        /** One was there already, and is dropped. */
        void duplicate(Entry entry);
    }

    /** What is left, each in the order of time. */
    record Rest(List<Entry> lefts, List<Entry> rights) {}

    /** Lets go what time has decided; the lists are changed. */
    Rest settle(List<Entry> lefts, List<Entry> rights, long horizon, Outcome<LeftT, RightT> outcome) {
        order(lefts, outcome);
        order(rights, outcome);
        List<Entry> waiting = pair(lefts, rights, horizon, outcome);
        long firstWaiting = waiting.isEmpty() ? Bounds.NEVER : waiting.get(0).time();
        return new Rest(forget(lefts, horizon, firstWaiting, outcome), waiting);
    }

    /** Sorts, and drops duplicates. */
    private static void order(List<Entry> entries, Outcome<?, ?> outcome) {
        entries.sort(Entry.ORDER);
        for (int i = entries.size() - 1; i > 0; i--) {
            Entry before = entries.get(i - 1);
            if (entries.get(i).isDuplicateOf(before)) {
                entries.set(i - 1, before.inPlaceOf(entries.remove(i)));
                outcome.duplicate(before);
            }
        }
    }

    /** Gives the right ones that go on waiting. */
    private List<Entry> pair(List<Entry> lefts, List<Entry> rights, long horizon, Outcome<LeftT, RightT> outcome) {
        List<Entry> waiting = new ArrayList<>();
        int from = 0;
        int to = 0;
        for (List<Entry> group : runs(rights, this::areOne)) {
            long time = group.get(0).time();
            while (from < lefts.size() && bounds.reaches(lefts.get(from).time()) < time) {
                from++;
            }
            to = Math.max(to, from);
            while (to < lefts.size() && bounds.pairs(lefts.get(to).time(), time)) {
                to++;
            }
            List<Entry> candidates = lefts.subList(from, to);
            if (bounds.isComplete(time, horizon)) {
                complete(group, candidates, outcome);
            } else {
                waiting.addAll(rules.emitsOnMatch() ? match(group, candidates, outcome) : group);
            }
        }
        return waiting;
    }

    /** Entries that come one after the other and belong together, each as the first of them does. */
    private static List<List<Entry>> runs(List<Entry> entries, BiPredicate<Entry, Entry> belong) {
        List<List<Entry>> runs = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= entries.size(); i++) {
            if (i == entries.size() || !belong.test(entries.get(from), entries.get(i))) {
                runs.add(entries.subList(from, i));
                from = i;
            }
        }
        return runs;
    }

    /** Right ones of one granule are one. */
    private boolean areOne(Entry first, Entry other) {
        return bounds.rightGranule() > 0 && bounds.rightGranuleOf(first.time()) == bounds.rightGranuleOf(other.time());
    }

    private void complete(List<Entry> group, List<Entry> candidates, Outcome<LeftT, RightT> outcome) {
        List<Entry> credited = credited(group, candidates);
        long before = answer(group);
        if (before != Entry.UNANSWERED) {
            correct(before, credited, group, outcome);
        } else if (!credited.isEmpty()) {
            leave(Stage.COMPLETE, credited, group, outcome);
        } else if (rules.type().keepsRight()) {
            outcome.unmatchedRight(right.output(group), group.get(0).time());
        }
        markCredited(credited, candidates);
    }

    private void correct(long before, List<Entry> credited, List<Entry> group, Outcome<LeftT, RightT> outcome) {
        if (before != fingerprint(credited, group)) {
            leave(credited.isEmpty() ? Stage.RETRACTION : Stage.CORRECTION, credited, group, outcome);
        }
    }

    private void leave(Stage stage, List<Entry> credited, List<Entry> group, Outcome<LeftT, RightT> outcome) {
        outcome.joined(
                new Joined<>(left.output(credited), right.output(group), stage),
                group.get(0).time(),
                credited);
    }

    /** Lets a result leave with the first match; the group then knows of it. */
    private List<Entry> match(List<Entry> group, List<Entry> candidates, Outcome<LeftT, RightT> outcome) {
        if (answer(group) != Entry.UNANSWERED) {
            return group;
        }
        List<Entry> credited = credited(group, candidates);
        if (credited.isEmpty()) {
            return group;
        }
        leave(Stage.EARLY, credited, group, outcome);
        List<Entry> answered = new ArrayList<>(group);
        answered.set(0, group.get(0).answered(fingerprint(credited, group)));
        return answered;
    }

    private static long answer(List<Entry> group) {
        for (Entry entry : group) {
            if (entry.answer() != Entry.UNANSWERED) {
                return entry.answer();
            }
        }
        return Entry.UNANSWERED;
    }

    private long fingerprint(List<Entry> credited, List<Entry> group) {
        byte[] lefts = left.kept(credited);
        long hash = Hashing.farmHashFingerprint64()
                .newHasher()
                .putInt(lefts.length)
                .putBytes(lefts)
                .putBytes(right.kept(group))
                .hash()
                .asLong();
        return hash == Entry.UNANSWERED ? 1 : hash;
    }

    private List<Entry> credited(List<Entry> group, List<Entry> candidates) {
        List<Entry> free = rules.creditsOnce()
                ? candidates.stream().filter(one -> !one.credited()).toList()
                : candidates;
        if (free.isEmpty()) {
            return List.of();
        }
        Attribution<LeftT, RightT> attribution = rules.attribution();
        return attribution instanceof Touches touches ? touches.of(free) : chosen(attribution, group, free);
    }

    private List<Entry> chosen(Attribution<LeftT, RightT> attribution, List<Entry> group, List<Entry> candidates) {
        Map<TimestampedValue<LeftT>, Entry> entries = new IdentityHashMap<>();
        List<TimestampedValue<LeftT>> values = new ArrayList<>();
        for (Entry candidate : candidates) {
            TimestampedValue<LeftT> value =
                    TimestampedValue.of(left.output(List.of(candidate)), Instant.ofEpochMilli(candidate.time()));
            values.add(value);
            entries.put(value, candidate);
        }
        Instant time = Instant.ofEpochMilli(group.get(0).time());
        return attribution.credited(TimestampedValue.of(right.output(group), time), values).stream()
                .map(value -> one(entries, value))
                .toList();
    }

    private static <T> Entry one(Map<T, Entry> entries, T value) {
        Entry entry = entries.remove(value);
        if (entry == null) {
            throw new IllegalStateException(
                    "attribution must give some of the candidates, each once, but gave " + value);
        }
        return entry;
    }

    private void markCredited(List<Entry> credited, List<Entry> candidates) {
        if (!rules.creditsOnce() && !rules.type().keepsLeft()) {
            return;
        }
        if (credited.size() == candidates.size()) {
            candidates.replaceAll(Entry::asCredited);
            return;
        }
        Map<Entry, Boolean> these = new IdentityHashMap<>();
        credited.forEach(entry -> these.put(entry, true));
        candidates.replaceAll(entry -> these.containsKey(entry) ? entry.asCredited() : entry);
    }

    /** Gives the left ones that a right one may still be given, those of a granule as one where none can tell them apart. */
    private List<Entry> forget(List<Entry> lefts, long horizon, long firstWaiting, Outcome<LeftT, RightT> outcome) {
        List<Entry> kept = new ArrayList<>();
        for (Entry entry : lefts) {
            long reaches = bounds.reaches(entry.time());
            boolean isPast = reaches < horizon && reaches < firstWaiting;
            if (isPast && rules.type().keepsLeft() && !entry.credited()) {
                outcome.unmatchedLeft(left.output(List.of(entry)), entry.time(), bounds.forgottenAt(entry.time()));
            } else if (isPast || (rules.creditsOnce() && entry.credited())) {
                outcome.forgotten(entry);
            } else {
                kept.add(entry);
            }
        }
        return bounds.leftGranule() == 0 ? kept : merged(kept, horizon);
    }

    /** One entry for those of a granule that come one after the other and were all credited, or none; credited are the first ones. */
    private List<Entry> merged(List<Entry> lefts, long horizon) {
        List<Entry> merged = new ArrayList<>();
        for (List<Entry> same : runs(lefts, (first, other) -> canBeOne(first, other, horizon))) {
            merged.add(same.size() == 1 ? same.get(0) : same.get(0).merged(left.kept(same)));
        }
        return merged;
    }

    private boolean canBeOne(Entry first, Entry other, long horizon) {
        return first.credited() == other.credited()
                && bounds.leftGranuleOf(first.time()) == bounds.leftGranuleOf(other.time())
                && bounds.isSealed(first.time(), horizon);
    }
}
