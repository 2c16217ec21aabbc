package io.millrace.transforms.event;

import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/**
 * An event that a pipeline could not process: the event with the bytes that its step was given, the route and step that gave it up, and why.
 *
 * @param event the event as it came to the step
 * @param route the route that gave it up
 * @param step the step within the route, such as {@code filter} or {@code sink}
 * @param reason the kind of failure
 * @param message what was wrong with this event, for a person
 * @param eventTime the event's time, or {@link #NO_TIME} where it has none
 */
@DefaultCoder(DeadLetterCoder.class)
public record DeadLetter(Event event, String route, String step, Reason reason, String message, Instant eventTime) {

    /** The event time of an event that has none. */
    public static final Instant NO_TIME = BoundedWindow.TIMESTAMP_MIN_VALUE;

    /** Why an event could not be processed. The names are part of a dead letter's persisted form. */
    public enum Reason {
        /** The event has no value where one is needed. */
        NO_VALUE("noValue"),
        /** The value is not one JSON object from its first byte to its last. */
        NOT_JSON("notJson"),
        /** The route's filter failed. */
        FILTER_FAILED("filterFailed"),
        /** The route's projection failed. */
        PROJECTION_FAILED("projectionFailed"),
        /** The route's key expression failed. */
        KEY_FAILED("keyFailed"),
        /** The event's time could not be read. */
        EVENT_TIME_UNREADABLE("eventTimeUnreadable"),
        /** The event's time lies further ahead of the record's own time than is allowed. */
        EVENT_TIME_TOO_FAR_AHEAD("eventTimeTooFarAhead"),
        /** The event came later than its sink, its join or its lookup allows. */
        LATE("late"),
        /** The event is larger than its sink takes. */
        TOO_LARGE("tooLarge"),
        /** The sink refused the event. */
        REFUSED("refused"),
        /** The route's script failed. */
        SCRIPT_FAILED("scriptFailed"),
        /** The route's script used more for the event than it may. */
        SCRIPT_LIMIT("scriptLimit"),
        /** The key that is to be looked up could not be computed, or there is none. */
        LOOKUP_KEY_FAILED("lookupKeyFailed"),
        /** What was asked refused the lookup, or answered what cannot be used. */
        LOOKUP_REFUSED("lookupRefused"),
        /** No lookup worked within the time that was given. */
        LOOKUP_GAVE_UP("lookupGaveUp"),
        /** There is nothing of the key that was looked up. */
        LOOKUP_MISSED("lookupMissed"),
        /** The key by which the event is to be joined, or what it is known or counted by, could not be computed, or there is none. */
        JOIN_KEY_FAILED("joinKeyFailed"),
        /** As much is kept of the event's key in a join as may be. */
        JOIN_OVER_LIMIT("joinOverLimit"),
        /** The key of a view, or the item or the version, that the event changes could not be computed, or there is none. */
        VIEW_KEY_FAILED("viewKeyFailed"),
        /** As much is kept of the event's key in a view as may be. */
        VIEW_OVER_LIMIT("viewOverLimit");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** The reason's name in dead letters and metrics. */
        public String text() {
            return text;
        }

        /**
         * The reason of a name.
         *
         * @throws IllegalArgumentException if no reason has that name
         */
        public static Reason parse(String text) {
            for (Reason reason : values()) {
                if (reason.text.equals(text)) {
                    return reason;
                }
            }
            throw new IllegalArgumentException("reason must be a known one, but was " + text);
        }
    }

    /** The identity of the dead letter itself: one for each route that gave the event up, or a result that it made of it. */
    public ResultId id() {
        return idOf(event.id(), route);
    }

    /** The identity of the dead letter of an event, or of a route's result, that the route gives up. */
    public static ResultId idOf(ResultId event, String route) {
        return event.madeBy(route + "/dead-letter", event.ordinal());
    }

    /** The same dead letter, given up by another route. */
    public DeadLetter ofRoute(String route) {
        return new DeadLetter(event, route, step, reason, message, eventTime);
    }

    /** The same dead letter, of another event: what was read, in place of what a step was given. */
    public DeadLetter ofEvent(Event event) {
        return new DeadLetter(event, route, step, reason, message, eventTime);
    }
}
