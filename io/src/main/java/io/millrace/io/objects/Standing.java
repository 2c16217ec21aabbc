package io.millrace.io.objects;

import com.google.common.collect.Maps;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is said to count in one window, or in a folder without windows, when a run looks: its own manifests and those of others.
 *
 * <p>This is where it is decided what one run's objects mean for another's. Of a window an object of a higher epoch takes the place of that of
 * its shard, and of all those that are of another number of shards: a run that was taken back to a point writes the shards again for which something comes,
 * and of these all lines. Within an epoch, and without windows, an older run's object stops counting when what the newer run has written covers
 * its offsets; until then both count, so that no result is lost. Which run is older is said by the generation, not by a clock. A replay
 * of dead letters writes what another run left out, so it never takes the place of one, nor one the place of a replay.
 */
final class Standing {
    private final boolean windowed;
    private final Map<String, Manifest> own;
    private final Map<String, Manifest> others;

    /**
     * @param windowed whether these are manifests of one window
     * @param own the run's own manifests, by name
     * @param others those of other runs, by name
     */
    Standing(boolean windowed, Map<String, Manifest> own, Map<String, Manifest> others) {
        this.windowed = windowed;
        this.own = new TreeMap<>(own);
        this.others = new TreeMap<>(others);
    }

    /** Whether another run of a higher epoch has written here, so that this one must not. */
    boolean outranks(long epoch) {
        return others.values().stream().anyMatch(other -> other.epoch() > epoch);
    }

    /** The run's own manifest of a name, if it has one. */
    Optional<Manifest> own(String manifest) {
        return Optional.ofNullable(own.get(manifest));
    }

    /** The generation of the run's manifest of a name: as it was, or the next. */
    long generation(String manifest) {
        Manifest before = own.get(manifest);
        if (before != null) {
            return before.generation();
        }
        return others.values().stream()
                .mapToLong(other -> other.generation() + 1)
                .max()
                .orElse(0);
    }

    /**
     * The manifests, by name, whose objects no longer count, now that the run has written one of its own.
     *
     * @param name the name of that
     */
    Map<String, Manifest> superseded(String name, Manifest written) {
        Offsets covered = own.values().stream().map(Manifest::offsets).reduce(written.offsets(), Offsets::beside);
        return Maps.filterEntries(
                others,
                other -> isRewound(other.getKey(), other.getValue(), name, written)
                        || isRepeated(other.getValue(), written, covered));
    }

    private boolean isRewound(String otherName, Manifest other, String name, Manifest written) {
        return windowed && other.epoch() < written.epoch() && ObjectNames.mayShareLines(otherName, name);
    }

    private static boolean isRepeated(Manifest other, Manifest written, Offsets covered) {
        return other.isOfReplay() == written.isOfReplay()
                && other.generation() < written.generation()
                && covered.cover(other.offsets());
    }
}
