package io.millrace.io.files;

import io.millrace.io.objects.FolderSink;
import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.Leftovers;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.SinkProvider;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.time.Duration;
import java.util.Optional;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** The sink {@code files}: JSON Lines in a folder. */
public final class FileSinkProvider implements SinkProvider<FolderSink> {

    @Override
    public String name() {
        return "files";
    }

    @Override
    public String description() {
        return "JSON Lines in a folder: one object for each window of event time and shard, rewritten whole when late events"
                + " come, or numbered objects without windows. A manifest beside each says which input offsets it holds.";
    }

    @Override
    public Class<FolderSink> configType() {
        return FolderSink.class;
    }

    @Override
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(FolderSink config, SinkContext context) {
        return FileEvents.write(config, context);
    }

    @Override
    public Optional<PTransform<PCollection<Event>, PCollection<DeadLetter>>> rehearsal(
            FolderSink config, SinkContext context) {
        return Optional.of(FileEvents.write(config, context).writingNothing());
    }

    @Override
    public boolean needsEventTimes(FolderSink config) {
        return config.window() != null;
    }

    @Override
    public Optional<String> localPath(FolderSink config) {
        return Paths.local(config.path());
    }

    @Override
    public Optional<String> archivePath(FolderSink config) {
        return config.archivePath();
    }

    @Override
    public String whenRewound(FolderSink config, boolean keyed) {
        return config.whenRewound();
    }

    @Override
    public Optional<Leftovers> leftovers(FolderSink config, SinkContext context) {
        return Optional.of(config.leftovers(Paths.withoutFileScheme(config.path()), context));
    }

    @Override
    public Optional<FolderSink> shadow(FolderSink config, String suffix) {
        return Optional.of(config.shadow(suffix));
    }

    @Override
    public Optional<Corrections> corrections(FolderSink config, FolderSink shadow, SinkContext context) {
        return config.corrections(
                Paths.withoutFileScheme(config.path()), Paths.withoutFileScheme(shadow.path()), context);
    }

    @Override
    public String whyNotRestated(FolderSink config, boolean keyed) {
        return config.whyNotRestated();
    }

    @Override
    public Duration holds(FolderSink config) {
        return config.holds();
    }

    @Override
    public Optional<Holdings> holdings(FolderSink config, SinkContext context) {
        return Optional.of(FileEvents.holdings(config, context));
    }
}
