package io.millrace.transforms.view;

import java.util.List;
import org.apache.beam.sdk.values.KV;

/**
 * How far a shard of a view is with what was asked of it.
 *
 * @param request the id of the request
 * @param shard which of the view's shards
 * @param keys how many keys of the shard were told so far
 * @param isLast whether these were all
 * @param told the keys that were told to who asked, as they were told last everywhere else; none of a flush
 */
public record ViewAnswer<ItemT>(
        String request, int shard, long keys, boolean isLast, List<KV<String, ViewUpdate<ItemT>>> told) {
    public ViewAnswer {
        told = List.copyOf(told);
    }
}
