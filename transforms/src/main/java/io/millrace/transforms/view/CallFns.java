package io.millrace.transforms.view;

import io.millrace.transforms.view.ViewRequest.Kind;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** What calls {@link PublishFn}, which has one key for all: ticks, and requests for a publish, which are true. */
final class CallFns {
    private CallFns() {}

    static final class TickFn extends DoFn<Long, KV<Integer, Boolean>> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(OutputReceiver<KV<Integer, Boolean>> out) {
            out.output(KV.of(0, false));
        }
    }

    static final class RequestFn extends DoFn<ViewRequest, KV<Integer, Boolean>> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element ViewRequest request, OutputReceiver<KV<Integer, Boolean>> out) {
            if (request.kind() == Kind.PUBLISH) {
                out.output(KV.of(0, true));
            }
        }
    }
}
