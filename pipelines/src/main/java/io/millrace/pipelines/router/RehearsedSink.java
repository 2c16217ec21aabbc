package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.SinkSpec;
import io.millrace.io.none.CountEvents;
import io.millrace.io.none.NoSink;
import io.millrace.io.none.NoSinkProvider;
import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.SinkProvider;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.util.Optional;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/**
 * The sink {@code none} in the place of another: it takes over the state that the other keeps in the pipeline, where that says how, and is written to in the
 * same step.
 */
final class RehearsedSink<ConfigT extends Record> implements SinkProvider<ConfigT> {
    private static final NoSinkProvider NONE = new NoSinkProvider();

    private final SinkProvider<ConfigT> provider;

    private RehearsedSink(SinkProvider<ConfigT> provider) {
        this.provider = provider;
    }

    /** What takes the place of a sink. */
    static <ConfigT extends Record> SinkSpec<ConfigT> of(SinkSpec<ConfigT> sink) {
        return SinkSpec.of(new RehearsedSink<>(sink.provider()), sink.config());
    }

    @Override
    public String name() {
        return NONE.name();
    }

    @Override
    public String description() {
        return NONE.description();
    }

    @Override
    public Class<ConfigT> configType() {
        return provider.configType();
    }

    @Override
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(ConfigT config, SinkContext context) {
        return provider.rehearsal(config, context).orElseGet(() -> CountEvents.of(context));
    }

    @Override
    public Optional<EventWriter.Factory> writer(ConfigT config, SinkContext context) {
        return provider.writer(config, context).flatMap(any -> NONE.writer(new NoSink(), context));
    }

    @Override
    public int maxValueBytes(ConfigT config) {
        return provider.maxValueBytes(config);
    }
}
