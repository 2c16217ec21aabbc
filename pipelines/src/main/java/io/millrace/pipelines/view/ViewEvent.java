package io.millrace.pipelines.view;

import io.millrace.transforms.event.Event;

/**
 * An event that changes a view, or an entry of a full publish.
 *
 * @param part which part of the view's spec says how: the number of its changes, or the number of all of them for a publish
 * @param event the event
 */
record ViewEvent(int part, Event event) {}
