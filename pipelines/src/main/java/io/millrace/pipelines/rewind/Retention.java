package io.millrace.pipelines.rewind;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.runnerprofiles.SavedState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which savepoints of a job that were made by a schedule are deleted. Others, and checkpoints, are not: those are Flink's, or somebody asked for them.
 *
 * @param keepLast so many of the newest that are complete are kept, at least one
 * @param keepWithin those that are younger are kept, too; null for none
 */
public record Retention(int keepLast, @Nullable Duration keepWithin) {
    /** Deletes nothing. */
    public static final Retention OF_ALL = new Retention(Integer.MAX_VALUE, null);

    public Retention {
        checkArgument(keepLast >= 1, "keepLast must be at least 1, but was %s", keepLast);
    }

    /**
     * The points to be deleted, the oldest first.
     *
     * @param inUse the folders of states that must stay, {@link SavedState#folderOf}: those with which jobs began, and those of the last rewind
     */
    List<RestorePoint> toDelete(Collection<RestorePoint> points, Set<String> inUse, Instant now) {
        List<RestorePoint> scheduled = points.stream()
                .filter(point -> point.kind() == Kind.SCHEDULED)
                .sorted(Comparator.comparing(RestorePoint::name).reversed())
                .toList();
        List<RestorePoint> old = new ArrayList<>();
        int complete = 0;
        for (RestorePoint point : scheduled) {
            boolean isYoung = keepWithin != null && !point.at().isBefore(now.minus(keepWithin));
            if (complete >= keepLast && !isYoung && !inUse.contains(SavedState.folderOf(point.path()))) {
                old.add(0, point);
            }
            complete += point.isComplete() ? 1 : 0;
        }
        return old;
    }
}
