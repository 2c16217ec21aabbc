package io.millrace.transforms.view;

import io.millrace.transforms.event.DeadLetter.Reason;

/**
 * An event, or an entry of a full publish, that is not in the view.
 *
 * @param event what was refused
 * @param reason why: what the fold says, or {@link Reason#VIEW_OVER_LIMIT}
 * @param message the same in words
 */
public record Refused<EventT>(EventT event, Reason reason, String message) {}
