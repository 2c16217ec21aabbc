package io.millrace.devinterface.spec;

import io.millrace.io.sink.*;
import io.millrace.transforms.event.*;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

public final class StandInNone implements SinkProvider<StandInNone.Settings> {
    public record Settings() {}
    public String name() { return "none"; }
    public String description() { return "none."; }
    public Class<Settings> configType() { return Settings.class; }
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(Settings config, SinkContext context) { throw new UnsupportedOperationException(); }
}
