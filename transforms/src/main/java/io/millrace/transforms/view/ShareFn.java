package io.millrace.transforms.view;

import io.millrace.transforms.shard.Shards;
import io.millrace.transforms.view.ViewRequest.Kind;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Gives requests to all shards, each of which knows which of the keys it has. */
final class ShareFn extends DoFn<ViewRequest, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element ViewRequest request, OutputReceiver<KV<Integer, byte[]>> out) {
        if (request.kind() == Kind.PUBLISH) {
            return;
        }
        byte[] message = ShardMessage.request(request);
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            out.output(KV.of(shard, message));
        }
    }
}
