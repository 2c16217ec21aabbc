package io.millrace.io.sink;

import io.millrace.io.source.OffsetRange;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.util.Optional;

/** What was read again, by a job that was taken back or by one that restates. */
public interface Replayed {

    /** The offsets of a partition of a stream, as an {@link io.millrace.transforms.event.Origin} names it; nothing where none was read again. */
    Optional<OffsetRange> of(String stream, int partition);

    /** Whether a result came of an event that was read again, or of several of which one was. */
    default boolean hasMade(ResultId result) {
        return result.origins().stream().anyMatch(this::has);
    }

    /**
     * Whether a result came of an event that was read again, or of one before that: of what a job holds when it begins to read again, results come too. Nothing of partitions is known of which nothing was
     * read again.
     */
    default boolean mayHaveMade(ResultId result) {
        return result.origins().stream()
                .anyMatch(origin -> of(origin.stream(), origin.partition())
                        .filter(range -> origin.offset() < range.end())
                        .isPresent());
    }

    private boolean has(Origin origin) {
        return of(origin.stream(), origin.partition())
                .filter(range -> range.has(origin.offset()))
                .isPresent();
    }
}
