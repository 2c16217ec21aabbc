package io.millrace.transforms.view;

import java.util.List;

/**
 * How far a shard of a view is with what was asked of it.
 *
 * @param request the id of the request
 * @param shard which of the view's shards
 * @param keys how many keys of the shard were told so far
 * @param isLast whether these were all
 * @param told the keys that were told to who asked; none of a flush
 */
public record ViewAnswer<ItemT>(String request, int shard, long keys, boolean isLast, List<Told<ItemT>> told) {
    /** After how many pages of keys a shard answers at the latest. A page is what it does in four seconds at most, or one key where that takes longer. */
    public static final int PAGES = 10;

    /**
     * A key as it is.
     *
     * @param isPending whether it has changed since it was told everywhere else, which happens when the interval ends
     */
    public record Told<ItemT>(String key, ViewUpdate<ItemT> update, boolean isPending) {}

    public ViewAnswer {
        told = List.copyOf(told);
    }
}
