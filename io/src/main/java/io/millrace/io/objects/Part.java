package io.millrace.io.objects;

import io.millrace.io.sink.Replayed;
import io.millrace.io.source.OffsetRange;
import java.util.List;
import java.util.Optional;

/** How much of what a manifest names came of what was read again. */
enum Part {
    NONE,
    SOME,
    ALL;

    static Part of(Manifest manifest, Replayed replayed) {
        List<Part> parts = manifest.offsets().ranges().stream()
                .map(range -> of(range, replayed.of(range.stream(), range.partition())))
                .distinct()
                .toList();
        return parts.size() == 1 ? parts.get(0) : parts.isEmpty() ? NONE : SOME;
    }

    /** Whether some of what a manifest names may have come of what was read again, or of what was held then. */
    static boolean mayBeOf(Manifest manifest, Replayed replayed) {
        return manifest.offsets().ranges().stream()
                .anyMatch(range -> replayed.of(range.stream(), range.partition())
                        .filter(again -> range.first() < again.end())
                        .isPresent());
    }

    private static Part of(Offsets.Range range, Optional<OffsetRange> again) {
        if (again.isEmpty()
                || range.last() < again.get().first()
                || range.first() >= again.get().end()) {
            return NONE;
        }
        return again.get().has(range.first()) && again.get().has(range.last()) ? ALL : SOME;
    }
}
