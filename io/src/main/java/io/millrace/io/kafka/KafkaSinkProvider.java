package io.millrace.io.kafka;

import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.Leftovers;
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
        return "records are written again behind those written since, with a higher millrace-epoch; "
                + switch (sink.retract()) {
                    case NONE -> "nothing is taken away";
                    case RECORD ->
                        "those that are not made again are followed by one with the header millrace-retracts";
                    case TOMBSTONE -> "keys of which nothing is made again are followed by a tombstone";
                };
    }

    @Override
    public Optional<String> whyKeyed(KafkaSink sink) {
        return sink.retract() == Retract.TOMBSTONE ? Optional.of("retract: tombstone is for keys") : Optional.empty();
    }

    @Override
    public Optional<Leftovers> leftovers(KafkaSink sink, SinkContext context) {
        return sink.retract() == Retract.NONE ? Optional.empty() : Optional.of(new KafkaLeftovers(sink, context));
    }

    @Override
    public Optional<KafkaSink> shadow(KafkaSink sink, String suffix) {
        return Optional.of(sink.withTopic(sink.topic() + suffix));
    }

    @Override
    public Optional<Corrections> corrections(KafkaSink sink, KafkaSink shadow, SinkContext context) {
        return sink.retract() == Retract.TOMBSTONE
                ? Optional.empty()
                : Optional.of(new KafkaCorrections(sink, shadow, context));
    }

    @Override
    public String whyNotRestated(KafkaSink sink, boolean keyed) {
        return "with retract: tombstone the last result of a key counts, up to where the job is now";
    }

    @Override
    public Optional<Holdings> holdings(KafkaSink sink, SinkContext context) {
        return Optional.of(KafkaEvents.holdings(sink, context));
    }
}
