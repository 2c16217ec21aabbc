package io.millrace.io.elasticsearch;

import static org.apache.beam.sdk.values.TypeDescriptors.integers;

import io.millrace.io.sink.Held;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.Event;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * What an index holds of a route: documents by their ids, and where the route has a key by their versions too, of which the highest
 * counts. The epoch of a version is passed over: of a job that was rewound, what it did not write again has an older one.
 *
 * <p>Every document of the index is given, those of other routes too.
 */
final class ElasticsearchHoldings implements Holdings {
    private static final long serialVersionUID = 1;

    private final ElasticsearchSink sink;
    private final SinkContext context;
    private final Operations operations;

    ElasticsearchHoldings(ElasticsearchSink sink, SinkContext context) {
        this.sink = sink;
        this.context = context;
        this.operations = new Operations(context, sink.maxDocumentBytes());
    }

    @Override
    public PTransform<PBegin, PCollection<Held>> held() {
        return new ReadIndex(sink, context.keyed());
    }

    @Override
    public Held expected(Event result, Instant time) throws RefusedException {
        return operations.held(result, time);
    }

    /** Gives every document that the index holds when it is read, without its content. */
    private static final class ReadIndex extends PTransform<PBegin, PCollection<Held>> {
        private static final long serialVersionUID = 1;

        private final ElasticsearchSink sink;
        private final boolean keyed;

        ReadIndex(ElasticsearchSink sink, boolean keyed) {
            this.sink = sink;
            this.keyed = keyed;
        }

        @Override
        public PCollection<Held> expand(PBegin begin) {
            return begin.apply("Index", Create.of(sink.index()))
                    .apply("Slices", FlatMapElements.into(integers()).via(index -> SearchFn.SLICES))
                    .apply("Side by side", Reshuffle.viaRandomKey())
                    .apply("Search", ParDo.of(new SearchFn(sink, keyed)));
        }
    }
}
