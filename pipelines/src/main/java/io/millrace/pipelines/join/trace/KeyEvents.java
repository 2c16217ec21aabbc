package io.millrace.pipelines.join.trace;

import io.millrace.devinterface.spec.Credit;
import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace;
import java.util.Arrays;
import java.util.List;

/**
 * The events of a key by their times alone, each once, whatever became of it; and what would be given to which with another bound.
 *
 * @param lefts the times of the left ones, in their order
 * @param rights those of the right ones
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeyEvents(long[] lefts, long[] rights) {
    private static final long NOT_GIVEN = Long.MIN_VALUE;

    static KeyEvents of(JoinSpec join, List<Trace> traces) {
        List<ToldEvent> events = ToldEvents.of(join, traces);
        return new KeyEvents(times(Side.LEFT, events), times(Side.RIGHT, events));
    }

    private static long[] times(Side side, List<ToldEvent> events) {
        return events.stream()
                .filter(event -> event.side() == side)
                .mapToLong(ToldEvent::time)
                .toArray();
    }

    /**
     * What is given with a bound.
     *
     * @param rights how many right events are given a left one
     * @param lefts how many left events are given to a right one
     * @param eventMillis for how long left events are kept, all of them together
     * @param keyMillis for how long any is
     */
    record Given(long rights, long lefts, long eventMillis, long keyMillis) {}

    /**
     * Gives left events to right ones as the join does, but for its bound and its granules.
     *
     * @param bound how far a left event may be before a right one
     * @param behind how far the time by which left events are forgotten is behind the newest event
     */
    Given given(JoinSpec join, long bound, long behind) {
        long rightFirst = new Distances(join).rightFirst();
        long[] firstRight = new long[lefts.length];
        Arrays.fill(firstRight, NOT_GIVEN);
        long rightsGiven = 0;
        int from = 0;
        int to = 0;
        for (long right : rights) {
            while (from < lefts.length && lefts[from] < right - bound) {
                from++;
            }
            to = Math.max(to, from);
            while (to < lefts.length && lefts[to] <= right + rightFirst) {
                to++;
            }
            rightsGiven += give(join, right, firstRight, from, to) ? 1 : 0;
        }
        long lefts =
                Arrays.stream(firstRight).filter(right -> right != NOT_GIVEN).count();
        long[] until = until(join, firstRight, bound, behind, rightFirst);
        return new Given(rightsGiven, lefts, eventMillis(until), keyMillis(until));
    }

    /** Whether a right event is given any of these. */
    private boolean give(JoinSpec join, long right, long[] firstRight, int from, int to) {
        boolean any = false;
        boolean fromTheLast = join.credit() == Credit.LAST;
        for (int i = 0; i < to - from; i++) {
            int at = fromTheLast ? to - 1 - i : from + i;
            boolean isFree = !join.creditOnce() || firstRight[at] == NOT_GIVEN;
            if (isFree) {
                firstRight[at] = firstRight[at] == NOT_GIVEN ? right : firstRight[at];
                any = true;
                if (join.credit() != Credit.ALL) {
                    return true;
                }
            }
        }
        return any;
    }

    /** Until when each left event is kept: until it is past, or was given to the one right event that it may be given to. */
    private long[] until(JoinSpec join, long[] firstRight, long bound, long behind, long rightFirst) {
        long[] until = new long[lefts.length];
        for (int i = 0; i < lefts.length; i++) {
            boolean isGone = join.creditOnce() && firstRight[i] != NOT_GIVEN;
            until[i] = (isGone ? firstRight[i] + rightFirst : lefts[i] + bound) + behind;
        }
        return until;
    }

    private long eventMillis(long[] until) {
        long sum = 0;
        for (int i = 0; i < lefts.length; i++) {
            sum += Math.max(0, until[i] - lefts[i]);
        }
        return sum;
    }

    /** The time that any of them covers. */
    private long keyMillis(long[] until) {
        long sum = 0;
        long covered = Long.MIN_VALUE;
        for (int i = 0; i < lefts.length; i++) {
            sum += Math.max(0, until[i] - Math.max(lefts[i], covered));
            covered = Math.max(covered, until[i]);
        }
        return sum;
    }
}
