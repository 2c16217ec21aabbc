package io.millrace.io.none;

import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.SinkProvider;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.util.Optional;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** The sink {@code none}: counts and writes nothing. */
public final class NoSinkProvider implements SinkProvider<NoSink> {

    @Override
    public String name() {
        return "none";
    }

    @Override
    public String description() {
        return "Nothing is written; every event counts as delivered.";
    }

    @Override
    public Class<NoSink> configType() {
        return NoSink.class;
    }

    @Override
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(NoSink config, SinkContext context) {
        return CountEvents.of(context);
    }

    @Override
    public String whenRewound(NoSink config, boolean keyed) {
        return "nothing is written";
    }

    @Override
    public Optional<NoSink> shadow(NoSink config, String suffix) {
        return Optional.of(config);
    }

    @Override
    public String whyNotRestated(NoSink config, boolean keyed) {
        return "nothing is written";
    }

    @Override
    public Optional<EventWriter.Factory> writer(NoSink config, SinkContext context) {
        return Optional.of(Nowhere.INSTANCE);
    }
}
