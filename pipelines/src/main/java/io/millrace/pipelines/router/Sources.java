package io.millrace.pipelines.router;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.io.files.FileEvents;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.source.EventsRead;
import io.millrace.io.source.Originals;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.rate.LimitRate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** What a spec names as its source. */
final class Sources {
    /** Between events that wait for answers there must be room for checkpoints. */
    private static final int AT_A_TIME_ASKING = 10;

    /** Likewise between those that wait until they may go: no more than all tasks together may have in such a part of a second. */
    private static final double AT_A_TIME_LIMITED = 0.1;

    private Sources() {}

    /**
     * The transform that reads it, from where reads begin.
     *
     * @param asks whether routes look its events up
     * @param isArchived whether a route is its archive
     */
    static PTransform<PBegin, EventsRead> of(SourceSpec spec, Reads reads, boolean asks, boolean isArchived) {
        KafkaSource kafka = spec.kafka();
        if (kafka != null) {
            KafkaEvents.Read read =
                    KafkaEvents.read(kafka).withEventTimes(spec.eventTimes()).goingOnAt(reads.offsets());
            OptionalInt atATime = atATime(spec.maxEventsPerSecond(), asks);
            read = atATime.isPresent() ? read.readingAtATime(atATime.getAsInt()) : read;
            read = isArchived ? read.archiving() : read;
            return reads.asksNobody() ? read : read.splittingAtOnce();
        }
        return FileEvents.read(requireNonNull(spec.files())).withEventTimes(spec.eventTimes());
    }

    /** How many records are read at a time; as many as there are where none of them waits. */
    static OptionalInt atATime(@Nullable Double perSecond, boolean asks) {
        IntStream.Builder atMost = IntStream.builder();
        if (asks) {
            atMost.add(AT_A_TIME_ASKING);
        }
        if (perSecond != null) {
            atMost.add((int) Math.max(1, Math.min(KafkaEvents.MAX_READ_AT_A_TIME, perSecond * AT_A_TIME_LIMITED)));
        }
        return atMost.build().min();
    }

    /** The events of a source, no faster than it may be read. */
    static PCollection<Event> limited(PCollection<Event> events, SourceSpec spec, String step) {
        Double perSecond = spec.maxEventsPerSecond();
        return perSecond == null ? events : events.apply(step, LimitRate.of(perSecond));
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
