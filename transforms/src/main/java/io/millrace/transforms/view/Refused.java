package io.millrace.transforms.view;

/**
 * An event, or an entry of a full publish, that is not in the view.
 *
 * @param event what was refused
 * @param reason why
 * @param message the same in words
 */
public record Refused<EventT>(EventT event, Reason reason, String message) {

    /** Why something is not in a view. */
    public enum Reason {
        /** The fold could not use it. */
        UNFOLDABLE,
        /** Its key would have become too large. */
        OVER_LIMIT
    }
}
