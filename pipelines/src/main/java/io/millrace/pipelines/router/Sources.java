package io.millrace.pipelines.router;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.io.files.FileEvents;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.source.EventsRead;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;

/** The transform that reads what a spec names as its source. */
final class Sources {
    private Sources() {}

    static PTransform<PBegin, EventsRead> of(SourceSpec spec) {
        KafkaSource kafka = spec.kafka();
        if (kafka != null) {
            return KafkaEvents.read(kafka).withEventTimes(spec.eventTimes());
        }
        return FileEvents.read(requireNonNull(spec.files())).withEventTimes(spec.eventTimes());
    }
}
