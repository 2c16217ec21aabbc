package io.millrace.transforms.view;

/**
 * Takes what an event changes in a view.
 *
 * @param <ItemT> what an item is
 */
public interface Changes<ItemT> {

    /**
     * A key has an item, in place of one of the same name, since a version.
     *
     * @param key the key
     * @param item the item's name among those of the key; empty where a key has one item alone
     * @param value what the item is
     * @param version since when, in whatever grows: of one item the highest counts
     */
    void add(String key, String item, ItemT value, long version);

    /** A key has an item no more, since a version; it is nothing to an item that there never was. */
    void remove(String key, String item, long version);
}
