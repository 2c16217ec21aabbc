package io.millrace.io.elasticsearch;

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

/** The sink {@code elasticsearch}: an index. */
public final class ElasticsearchSinkProvider implements SinkProvider<ElasticsearchSink> {

    @Override
    public String name() {
        return "elasticsearch";
    }

    @Override
    public String description() {
        return "Writes each event as one document of an index of Elasticsearch or OpenSearch: under its key, where the last"
                + " event time wins, or else under its identity.";
    }

    @Override
    public Class<ElasticsearchSink> configType() {
        return ElasticsearchSink.class;
    }

    @Override
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(ElasticsearchSink sink, SinkContext context) {
        return ElasticsearchEvents.write(sink, context);
    }

    @Override
    public int maxValueBytes(ElasticsearchSink sink) {
        return sink.maxDocumentBytes();
    }

    @Override
    public Optional<EventWriter.Factory> writer(ElasticsearchSink sink, SinkContext context) {
        return Optional.of(ElasticsearchEvents.writer(sink, context));
    }

    @Override
    public String whenRewound(ElasticsearchSink sink, boolean keyed) {
        return keyed
                ? "of each key that comes again, the document is written over, by the last event time of what comes again; other documents"
                        + " stay"
                : "documents are written over under their ids; those that are not made again are deleted";
    }

    @Override
    public Optional<Leftovers> leftovers(ElasticsearchSink sink, SinkContext context) {
        return context.keyed() ? Optional.empty() : Optional.of(new ElasticsearchLeftovers(sink, context));
    }

    @Override
    public Optional<ElasticsearchSink> shadow(ElasticsearchSink sink, String suffix) {
        return Optional.of(sink.withIndex(sink.index() + suffix));
    }

    @Override
    public Optional<Corrections> corrections(ElasticsearchSink sink, ElasticsearchSink shadow, SinkContext context) {
        return context.keyed() ? Optional.empty() : Optional.of(new ElasticsearchCorrections(sink, shadow, context));
    }

    @Override
    public String whyNotRestated(ElasticsearchSink sink, boolean keyed) {
        return "a document is what the last result of its key was, up to where the job is now";
    }

    @Override
    public Optional<Holdings> holdings(ElasticsearchSink sink, SinkContext context) {
        return Optional.of(ElasticsearchEvents.holdings(sink, context));
    }
}
