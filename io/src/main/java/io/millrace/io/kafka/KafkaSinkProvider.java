package io.millrace.io.kafka;

import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.SinkProvider;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.util.Optional;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** The sink {@code kafka}: a topic. */
public final class KafkaSinkProvider implements SinkProvider<KafkaSink> {

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public String description() {
        return "Writes each event as one record to a Kafka topic, with headers by which a consumer tells repeats.";
    }

    @Override
    public Class<KafkaSink> configType() {
        return KafkaSink.class;
    }

    @Override
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(KafkaSink sink, SinkContext context) {
        return KafkaEvents.write(sink, context);
    }

    @Override
    public Optional<EventWriter.Factory> writer(KafkaSink sink, SinkContext context) {
        return Optional.of(KafkaEvents.writer(sink, context));
    }

    @Override
    public int maxValueBytes(KafkaSink sink) {
        return sink.maxValueBytes();
    }

    @Override
    public String whenRewound(KafkaSink sink, boolean keyed) {
        return "records are written again behind those written since, with a higher millrace-epoch; nothing is taken away";
    }

    @Override
    public Optional<Holdings> holdings(KafkaSink sink, SinkContext context) {
        return Optional.of(KafkaEvents.holdings(sink, context));
    }
}
