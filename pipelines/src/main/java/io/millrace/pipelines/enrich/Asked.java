package io.millrace.pipelines.enrich;

import io.millrace.transforms.event.Event;

/**
 * An event, and what is to be looked up for it.
 *
 * @param event the event
 * @param key the key
 */
record Asked(Event event, String key) {}
