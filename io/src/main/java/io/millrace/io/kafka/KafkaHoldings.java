package io.millrace.io.kafka;

import io.millrace.io.sink.Held;
import io.millrace.io.sink.Holdings;
import io.millrace.transforms.event.Event;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * What a topic holds of a route, by the identities in {@code millrace-id}, as a consumer sees it that follows {@link Deduplicate}: of a result that several
 * epochs have written the newest counts, in whichever partition it is.
 *
 * <p>Records of other routes are left out; records that name no route are there for every route of the topic. What the topic has
 * forgotten, by retention or compaction, is not there.
 */
final class KafkaHoldings implements Holdings {
    private static final long serialVersionUID = 1;

    private final KafkaSink sink;
    private final String route;

    KafkaHoldings(KafkaSink sink, String route) {
        this.sink = sink;
        this.route = route;
    }

    @Override
    public PTransform<PBegin, PCollection<Held>> held() {
        return new ReadTopic(sink, route);
    }

    @Override
    public Held expected(Event result, Instant time) {
        String id = result.id().toString();
        return Held.each(id, id);
    }

    /** Gives every committed record that the topic holds when it is read, its partitions side by side. */
    private static final class ReadTopic extends PTransform<PBegin, PCollection<Held>> {
        private static final long serialVersionUID = 1;

        private final KafkaSink sink;
        private final String route;

        ReadTopic(KafkaSink sink, String route) {
            this.sink = sink;
            this.route = route;
        }

        @Override
        public PCollection<Held> expand(PBegin begin) {
            return begin.apply("Topic", Create.of(sink.topic()))
                    .apply("Partitions", ParDo.of(new PartitionsFn(sink)))
                    .setCoder(VarIntCoder.of())
                    .apply("Side by side", Reshuffle.viaRandomKey())
                    .apply("Read", ParDo.of(new ReadPartitionFn(sink, route)));
        }
    }
}
