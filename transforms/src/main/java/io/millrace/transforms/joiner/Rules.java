package io.millrace.transforms.joiner;

import java.io.Serializable;

/**
 * What a join is to do.
 *
 * @param bounds which elements belong together
 * @param type what comes out besides what is joined
 * @param attribution which of the left ones a right one is given
 * @param creditsOnce whether a left one is given to one right one at most, the earliest
 * @param emitsOnMatch whether a result leaves with the first match, and not only when it is complete
 * @param limits how much is kept of a key
 */
record Rules<LeftT, RightT>(
        Bounds bounds,
        JoinType type,
        Attribution<LeftT, RightT> attribution,
        boolean creditsOnce,
        boolean emitsOnMatch,
        Limits limits)
        implements Serializable {

    /**
     * How much is kept of a key.
     *
     * @param entries how many elements, of both inputs
     * @param bytes how large they are in all
     */
    record Limits(int entries, int bytes) implements Serializable {}

    Rules<LeftT, RightT> withBounds(Bounds other) {
        return new Rules<>(other, type, attribution, creditsOnce, emitsOnMatch, limits);
    }

    Rules<LeftT, RightT> withType(JoinType other) {
        return new Rules<>(bounds, other, attribution, creditsOnce, emitsOnMatch, limits);
    }

    Rules<LeftT, RightT> withLimits(Limits other) {
        return new Rules<>(bounds, type, attribution, creditsOnce, emitsOnMatch, other);
    }

    Rules<LeftT, RightT> creditingEachLeftOnce() {
        return new Rules<>(bounds, type, attribution, true, emitsOnMatch, limits);
    }

    Rules<LeftT, RightT> emittingOnMatch() {
        return new Rules<>(bounds, type, attribution, creditsOnce, true, limits);
    }

    <L, R> Rules<L, R> withAttribution(Attribution<L, R> other) {
        return new Rules<>(bounds, type, other, creditsOnce, emitsOnMatch, limits);
    }
}
