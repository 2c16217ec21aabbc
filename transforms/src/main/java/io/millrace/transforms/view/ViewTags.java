package io.millrace.transforms.view;

import java.io.Serializable;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/** The outputs of a view's steps. */
final class ViewTags<EventT, ItemT> implements Serializable {
    private static final long serialVersionUID = 1;

    private final TupleTag<KV<String, ViewUpdate<ItemT>>> updates = new TupleTag<>("updates");
    private final TupleTag<ViewAnswer<ItemT>> answers = new TupleTag<>("answers");
    private final TupleTag<Refused<EventT>> refused = new TupleTag<>("refused");
    private final TupleTag<KV<Integer, byte[]>> messages = new TupleTag<>("messages");

    TupleTag<KV<String, ViewUpdate<ItemT>>> updates() {
        return updates;
    }

    TupleTag<ViewAnswer<ItemT>> answers() {
        return answers;
    }

    TupleTag<Refused<EventT>> refused() {
        return refused;
    }

    /** What is sent to shards. */
    TupleTag<KV<Integer, byte[]>> messages() {
        return messages;
    }
}
