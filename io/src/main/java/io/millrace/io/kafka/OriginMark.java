package io.millrace.io.kafka;

/**
 * How far the results of an input partition have come.
 *
 * @param epoch the highest epoch of them
 * @param from the lowest offset of which that epoch has written something, which is not before it began to read
 * @param at the last result in order of that epoch
 * @param furthest the furthest result in order of any epoch
 */
record OriginMark(long epoch, long from, Position at, Position furthest) {
    static final OriginMark NONE = new OriginMark(-1, Long.MAX_VALUE, Position.NONE, Position.NONE);

    /** Whether a result is not behind what its epoch has written before. */
    boolean hasPassed(long ofEpoch, Position position) {
        return ofEpoch == epoch && position.compareTo(at) <= 0;
    }

    /** Whether any epoch has come as far. */
    boolean hasEverPassed(Position position) {
        return position.compareTo(furthest) <= 0;
    }

    /** Whether a higher epoch has read an event again, so that what a lower one says of it does not count. */
    boolean overtakes(long lower, long offset) {
        return lower < epoch && offset >= from;
    }

    /** The mark when an epoch that is not lower has written something of an offset. */
    OriginMark saw(long atLeastAsHigh, long offset) {
        return atLeastAsHigh > epoch
                ? new OriginMark(atLeastAsHigh, offset, Position.NONE, furthest)
                : new OriginMark(epoch, Math.min(from, offset), at, furthest);
    }

    /** The mark when an epoch that is not lower has written a result in order. */
    OriginMark reached(long atLeastAsHigh, Position position) {
        OriginMark seen = saw(atLeastAsHigh, position.offset);
        return new OriginMark(seen.epoch, seen.from, position, hasEverPassed(position) ? furthest : position);
    }

    /** A partition of a stream as a step has it. */
    record Input(String step, String stream, int partition) {}

    /** Which result of an input partition: of what was made of one offset, several may come one after the other. */
    record Position(long offset, int ordinal) implements Comparable<Position> {
        static final Position NONE = new Position(-1, -1);

        @Override
        public int compareTo(Position other) {
            int order = Long.compare(offset, other.offset);
            return order == 0 ? Integer.compare(ordinal, other.ordinal) : order;
        }
    }
}
