package io.millrace.transforms.view;

import java.io.Serializable;

/**
 * Says what an event, or an entry of a full publish, changes in a view. It looks at nothing but the event: what counts in the end is decided by
 * versions, whatever comes first.
 *
 * @param <EventT> the events
 * @param <ItemT> the items that keys of the view have
 */
@FunctionalInterface
public interface Fold<EventT, ItemT> extends Serializable {

    /**
     * Gives each change to {@code changes}: none, one, or many, of one key or of several.
     *
     * @param event the event, or the entry
     * @param version the version that it has where it says nothing of its own: of an event its time, in milliseconds; of an entry, that of its
     *     publish, and then nothing else counts
     * @throws UnfoldableException if the event cannot be used; it becomes a dead letter, and nothing of it is in the view
     */
    void fold(EventT event, long version, Changes<ItemT> changes) throws UnfoldableException;
}
