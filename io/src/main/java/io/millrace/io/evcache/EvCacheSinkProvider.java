package io.millrace.io.evcache;

import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.SinkProvider;
import io.millrace.io.view.ViewStore;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.util.Optional;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** The sink {@code evcache}: zones of memcached. */
public final class EvCacheSinkProvider implements SinkProvider<EvCacheSink> {

    @Override
    public String name() {
        return "evcache";
    }

    @Override
    public String description() {
        return "Writes each event under its key to every zone of an EVCache, where Netflix's client reads it as a text; a null value"
                + " deletes the key.";
    }

    @Override
    public Class<EvCacheSink> configType() {
        return EvCacheSink.class;
    }

    @Override
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(EvCacheSink sink, SinkContext context) {
        return EvCacheView.write(sink, context);
    }

    @Override
    public Optional<PTransform<PCollection<Event>, PCollection<DeadLetter>>> rehearsal(
            EvCacheSink sink, SinkContext context) {
        return Optional.of(EvCacheView.write(sink, context).writingNothing());
    }

    @Override
    public String whenRewound(EvCacheSink sink, boolean keyed) {
        return "values are written again under their keys, of which readers may see older ones until all is read again; a key of which"
                + " nothing comes again stays as it is";
    }

    @Override
    public int maxValueBytes(EvCacheSink sink) {
        return sink.maxValueBytes();
    }

    @Override
    public Optional<ViewStore> viewStore(EvCacheSink sink) {
        return Optional.of(new EvCacheStore(sink));
    }
}
