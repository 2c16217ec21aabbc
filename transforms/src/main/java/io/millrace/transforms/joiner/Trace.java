package io.millrace.transforms.joiner;

import io.millrace.transforms.joiner.Joined.Stage;
import io.millrace.transforms.joiner.Refused.Reason;
import java.util.List;
import org.joda.time.Instant;

/**
 * Something that became of a key, as the join that keeps its trace saw it.
 *
 * @param step what it was
 * @param side of which input the element is that it was about
 * @param time the event time of that element; of several that are one, of the earliest
 * @param id the identity of an element that came, {@link JoinStreams#withLeftId} or {@link JoinStreams#withRightId}; empty where there is none, and for what
 *     left
 * @param bytes how much is kept of an element that came; 0 where it was refused, and for what left
 * @param lefts of a result, the times of the left ones that the right one was given
 * @param watermark where the watermark stood
 * @param at when it was, by the clock of the worker
 */
public record Trace(
        Step step, Side side, Instant time, String id, int bytes, List<Instant> lefts, Instant watermark, Instant at) {

    public Trace {
        lefts = List.copyOf(lefts);
    }

    /** What became of it. The ordinals are part of the encoding. */
    public enum Step {
        /** An element came and is kept. */
        TAKEN,
        /** An element was there already. */
        DUPLICATE,
        /** An element came too late. */
        LATE,
        /** An element came of whose key as much is kept as may be. */
        OVER_LIMIT,
        /** An element came without an event time. */
        NO_TIME,
        /** A result left, and is complete. */
        COMPLETE,
        /** A result left with the first match. */
        EARLY,
        /** A result took the place of the early one. */
        CORRECTION,
        /** A result took the early one back. */
        RETRACTION,
        /** A right element was complete without a left one, or a left one is past that no right one was given. */
        UNMATCHED,
        /** A left element is no longer needed: it is past, or was given to the one right element that it may be given to. */
        FORGOTTEN;

        static Step of(Reason reason) {
            return switch (reason) {
                case LATE -> LATE;
                case OVER_LIMIT -> OVER_LIMIT;
                case NO_TIME -> NO_TIME;
            };
        }

        static Step of(Stage stage) {
            return switch (stage) {
                case COMPLETE -> COMPLETE;
                case EARLY -> EARLY;
                case CORRECTION -> CORRECTION;
                case RETRACTION -> RETRACTION;
            };
        }
    }
}
