package io.millrace.io.s3;

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

/** The sink {@code s3}: JSON Lines in a folder of a bucket. */
public final class S3SinkProvider implements SinkProvider<FolderSink> {

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public String description() {
        return "JSON Lines in a folder of a bucket of S3, as in files; the section s3 says where S3 is.";
    }

    @Override
    public Class<FolderSink> configType() {
        return FolderSink.class;
    }

    @Override
    public void check(FolderSink config) {
        S3Events.checkPath(config.path());
    }

    @Override
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(FolderSink config, SinkContext context) {
        return S3Events.write(config, context);
    }

    @Override
    public Optional<PTransform<PCollection<Event>, PCollection<DeadLetter>>> rehearsal(
            FolderSink config, SinkContext context) {
        return Optional.of(S3Events.write(config, context).writingNothing());
    }

    @Override
    public boolean needsEventTimes(FolderSink config) {
        return config.window() != null;
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
        return Optional.of(config.leftovers(config.path(), context));
    }

    @Override
    public Optional<FolderSink> shadow(FolderSink config, String suffix) {
        return Optional.of(config.shadow(suffix));
    }

    @Override
    public Optional<Corrections> corrections(FolderSink config, FolderSink shadow, SinkContext context) {
        return config.corrections(config.path(), shadow.path(), context);
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
        return Optional.of(S3Events.holdings(config, context));
    }
}
