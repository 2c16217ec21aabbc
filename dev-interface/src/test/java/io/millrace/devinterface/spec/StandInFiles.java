package io.millrace.devinterface.spec;

import io.millrace.io.config.Setting;
import io.millrace.io.sink.*;
import io.millrace.transforms.event.*;
import java.util.Optional;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

public final class StandInFiles implements SinkProvider<StandInFiles.Settings> {
    public record Settings(@Setting(value = "Where.", example = "out") String path) {}
    public String name() { return "files"; }
    public String description() { return "Files."; }
    public Class<Settings> configType() { return Settings.class; }
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(Settings config, SinkContext context) { throw new UnsupportedOperationException(); }
    public Optional<String> localPath(Settings config) { return Optional.of(config.path()); }
}
