package io.millrace.transforms.enricher;

import static com.google.common.base.Preconditions.checkState;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The versions of a key that are kept, in their order. */
final class Versions<ValueT> {
    private final List<Version<ValueT>> versions = new ArrayList<>();

    /**
     * Versions of a key.
     *
     * @param first the earliest; null where there is none
     * @param later all others
     */
    Versions(@Nullable Version<ValueT> first, Iterable<Map.Entry<Moment, Change<ValueT>>> later) {
        if (first != null) {
            versions.add(first);
        }
        later.forEach(change -> versions.add(Version.of(change.getKey(), change.getValue())));
        versions.sort(Comparator.comparing(Version::since));
    }

    /** The version in force at a time; null where there is none. */
    @Nullable Version<ValueT> at(long time) {
        int after = countUpTo(time);
        return after == 0 ? null : versions.get(after - 1);
    }

    private int countUpTo(long time) {
        int low = 0;
        int high = versions.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (versions.get(middle).since().time() <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether it is known what was in force at a time. */
    boolean knows(long time) {
        return versions.isEmpty() || time >= versions.get(0).knownFrom();
    }

    /** Forgets versions that are not needed at any time from this one on, and gives them. */
    List<Version<ValueT>> forgetBefore(long time) {
        int count = countUpTo(time) - 1;
        if (count <= 0) {
            return List.of();
        }
        List<Version<ValueT>> forgotten = List.copyOf(versions.subList(0, count));
        versions.subList(0, count).clear();
        versions.set(0, first().knownFrom(first().since().time()));
        return forgotten;
    }

    /** The earliest of them. */
    Version<ValueT> first() {
        checkState(!versions.isEmpty(), "there must be a version");
        return versions.get(0);
    }

    /** The one that comes behind the first; null where there is none. */
    @Nullable Version<ValueT> second() {
        return versions.size() < 2 ? null : versions.get(1);
    }

    boolean isEmpty() {
        return versions.isEmpty();
    }
}
