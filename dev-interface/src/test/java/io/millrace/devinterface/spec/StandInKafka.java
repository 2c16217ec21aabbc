package io.millrace.devinterface.spec;

import io.millrace.io.config.Setting;
import io.millrace.io.sink.*;
import io.millrace.transforms.event.*;
import java.util.*;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

public final class StandInKafka implements SinkProvider<StandInKafka.Settings> {
    public record Settings(@Setting(value = "Where.", example = "a:1") String bootstrapServers, @Setting(value="Which.", example="t") String topic, @Setting(value="Props", byDefault="{}") Map<String,String> properties) {}
    public String name() { return "kafka"; }
    public String description() { return "Kafka."; }
    public Class<Settings> configType() { return Settings.class; }
    public PTransform<PCollection<Event>, PCollection<DeadLetter>> write(Settings config, SinkContext context) { throw new UnsupportedOperationException(); }
}
