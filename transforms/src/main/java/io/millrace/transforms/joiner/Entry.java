package io.millrace.transforms.joiner;

import java.util.Arrays;
import java.util.Comparator;

/**
 * What is kept of an element, or of several that were merged.
 *
 * @param side which input it is of
 * @param time its event time, of several the earliest, in epoch milliseconds
 * @param id what it has in common with its duplicates; empty where there is no such thing, and of several
 * @param content its accumulator, encoded
 * @param credited of a left one, whether a right one was given it
 * @param answer of a right one, the fingerprint of the result that has left early; {@link #UNANSWERED} where none has
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record Entry(Side side, long time, byte[] id, byte[] content, boolean credited, long answer) {
    static final long UNANSWERED = 0;
    static final byte[] NO_ID = {};

    /** The order of time; of one time that of identities, and then of contents, so that it never depends on which came first. */
    static final Comparator<Entry> ORDER = Comparator.comparingLong(Entry::time)
            .thenComparing(Entry::id, Arrays::compareUnsigned)
            .thenComparing(Entry::content, Arrays::compareUnsigned);

    /** An element that has just come. */
    static Entry of(Side side, long time, byte[] id, byte[] content) {
        return new Entry(side, time, id, content, false, UNANSWERED);
    }

    boolean isDuplicateOf(Entry other) {
        return id.length > 0 && time == other.time && Arrays.equals(id, other.id);
    }

    /** This one, with what is known of its duplicate. */
    Entry inPlaceOf(Entry duplicate) {
        long known = answer == UNANSWERED ? duplicate.answer : answer;
        return new Entry(side, time, id, content, credited || duplicate.credited, known);
    }

    Entry asCredited() {
        return credited ? this : new Entry(side, time, id, content, true, answer);
    }

    Entry answered(long fingerprint) {
        return new Entry(side, time, id, content, credited, fingerprint);
    }

    /** This and later ones as one. */
    Entry merged(byte[] together) {
        return new Entry(side, time, NO_ID, together, credited, answer);
    }
}
