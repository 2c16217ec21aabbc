package io.millrace.io.elasticsearch;

import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** Events into Elasticsearch. */
public final class ElasticsearchEvents {
    private ElasticsearchEvents() {}

    /** Dead letters of what an index did not take, for events of a route. */
    public static Write write(ElasticsearchSink sink, SinkContext context) {
        return new Write(sink, context);
    }

    /** What writes a route's events to an index on a thread of its own; each as {@link Write} does, and with its guarantees. */
    public static EventWriter.Factory writer(ElasticsearchSink sink, SinkContext context) {
        return () -> IndexWriter.open(sink, context);
    }

    /**
     * What an index holds of a route, by the ids of documents, and where the route sets the key by their versions too. The index
     * is refreshed, and read as it then is; that takes the rights {@code read} and {@code maintenance}.
     */
    public static Holdings holdings(ElasticsearchSink sink, SinkContext context) {
        return new ElasticsearchHoldings(sink, context);
    }

    /**
     * Dead letters of what an index did not take, for events of a route, of which all others are documents of that index.
     *
     * <p><i>Shape</i>: any windows. A document is the event's value, one JSON object. In a route that sets the key, the document's id
     * is the key and a null value deletes it; in another, the id is the event's {@code ResultId}.
     *
     * <p><i>Time</i>: documents are sent at 1,000, at 5 MB and at the end of a bundle, which waits until all are answered. Dead
     * letters keep timestamp and window.
     *
     * <p><i>Guarantee</i>: each result once, however often it is written: the same event has the same id. Versions are the
     * sender's ({@code external_gte}). Without a key the version is the run's epoch; with one, it is the epoch, then the event
     * time, so that the last event of a key wins, in whatever order they come. What is written with a lower version than the
     * document's counts as delivered, and changes nothing. Elasticsearch forgets the version of a deleted document after
     * {@code index.gc_deletes}, a minute by default: an older event of the key that is written later than that brings it back.
     *
     * <p><i>Fails</i>: a cluster that does not answer, has too much to do or has blocked the index for writing holds the bundle
     * for up to five minutes, then fails it, so that a streaming runner begins it again. An index that does not exist and is not
     * made by the cluster, or credentials that it does not take, fail it at once. A document that the index refuses is a dead
     * letter {@code refused}, one over a size limit {@code tooLarge}, a null value without a key {@code noValue}; its
     * neighbours in the request are written.
     */
    public static final class Write extends PTransform<PCollection<Event>, PCollection<DeadLetter>> {
        private static final long serialVersionUID = 1;

        private final ElasticsearchSink sink;
        private final SinkContext context;

        private Write(ElasticsearchSink sink, SinkContext context) {
            this.sink = sink;
            this.context = context;
        }

        @Override
        public PCollection<DeadLetter> expand(PCollection<Event> events) {
            return events.apply("Index", ParDo.of(new IndexFn(sink, context))).setCoder(DeadLetterCoder.of());
        }
    }
}
