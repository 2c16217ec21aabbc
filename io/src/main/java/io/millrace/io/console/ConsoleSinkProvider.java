package io.millrace.io.console;

import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.SinkProvider;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** The sink {@code console}: one line an event on standard output. */
public final class ConsoleSinkProvider implements SinkProvider<ConsoleSink> {

    @Override
    public String name() {
        return "console";
    }

    @Override
    public String description() {
        return "One line an event on standard output of the worker: the value and nothing else, so that it can be piped on.";
    }

    @Override
    public Class<ConsoleSink> configType() {
        return ConsoleSink.class;
    }

    @Override
    public String whenRewound(ConsoleSink config, boolean keyed) {
        return "lines are written again";
    }

    @Override
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(ConsoleSink config, SinkContext context) {
        return ConsoleEvents.write(context);
    }
}
