package io.millrace.pipelines.router;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.io.files.FileEvents;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.source.EventsRead;
import io.millrace.io.source.Originals;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;

/** What a spec names as its source. */
final class Sources {
    /** Between events that wait for answers there must be room for checkpoints. */
    private static final int AT_A_TIME_ASKING = 10;

    private Sources() {}

    /**
     * The transform that reads it, from where reads begin.
     *
     * @param asks whether routes look its events up
     */
    static PTransform<PBegin, EventsRead> of(SourceSpec spec, Reads reads, boolean asks) {
        KafkaSource kafka = spec.kafka();
        if (kafka != null) {
            KafkaEvents.Read read =
                    KafkaEvents.read(kafka).withEventTimes(spec.eventTimes()).goingOnAt(reads.offsets());
            read = asks ? read.readingAtATime(AT_A_TIME_ASKING) : read;
            return reads.asksNobody() ? read : read.splittingAtOnce();
        }
        return FileEvents.read(requireNonNull(spec.files())).withEventTimes(spec.eventTimes());
    }

    /** Sources whose events are given again one by one: those that know their own origins before files, which do not. */
    static List<SourceAgain> again(Collection<SourceSpec> specs) {
        return specs.stream()
                .sorted(Comparator.comparing(spec -> spec.kafka() == null))
                .map(spec -> SourceAgain.of(originals(spec), spec.eventTime()))
                .toList();
    }

    private static Originals originals(SourceSpec spec) {
        KafkaSource kafka = spec.kafka();
        return kafka != null ? KafkaEvents.originals(kafka) : FileEvents.originals(requireNonNull(spec.files()));
    }
}
