package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.io.files.FileSource;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.kafka.KafkaStop;
import io.millrace.io.source.EventTimes;
import io.millrace.transforms.expression.TimeExpression;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a pipeline's events come from, Kafka or files, and how they get their times. */
@OneOf({"kafka", "files"})
public record SourceSpec(
        @Setting(
                "Topics of Kafka. Unless it is given, groupId is millrace-<name>; the job of an isolated route appends -<route>.")
        @Nullable KafkaSource kafka,

        @Setting("Files of JSON Lines: a bounded run.") @Nullable FileSource files,

        @Setting(
                value =
                        "An event's time: an expression that gives epoch milliseconds or RFC 3339 text. Without it, the record's "
                                + "own time in Kafka; files then have no event times.",
                example = "event.ts")
        @Nullable TimeExpression eventTime,

        @Setting(value = "How far the watermark stays behind the newest event time.", byDefault = "PT10S")
        Duration maxOutOfOrderness,

        @Setting(
                value =
                        "How far past the record's own time an event time may lie; further ahead, the event is a dead letter.",
                byDefault = "PT1H")
        Duration maxAhead,

        @Setting(
                value =
                        "For how long a partition must have had nothing to read for its watermark to follow the clock: a duration "
                                + "or never.",
                byDefault = "PT30S",
                example = "never")
        IdleAfter idleAfter,

        @Setting(
                value =
                        "The most events in a second, of all tasks of a job together; each has its share of them, whether or not it"
                                + " has as much to do. What is above waits where it is read from. Without it, there is no limit.",
                example = "5000")
        @Nullable Double maxEventsPerSecond) {
    public SourceSpec {
        checkArgument((kafka == null) != (files == null), "source must have exactly one of kafka, files");
        checkArgument(
                maxEventsPerSecond == null || maxEventsPerSecond > 0,
                "maxEventsPerSecond must be above 0, but was %s",
                maxEventsPerSecond);
        new EventTimes(eventTime, maxOutOfOrderness, maxAhead, idleAfter.duration());
    }

    /** How events get their times, and how the watermark follows them. */
    public EventTimes eventTimes() {
        return new EventTimes(eventTime, maxOutOfOrderness, maxAhead, idleAfter.duration());
    }

    /** Whether events have times at all: those of Kafka do, those of files only if they say so themselves. */
    public boolean hasEventTimes() {
        return kafka != null || eventTime != null;
    }

    /** Whether there is an end to it. */
    public boolean ends() {
        return kafka == null || !kafka.stop().equals(KafkaStop.NEVER);
    }

    /** The time of events at which it ends, if it is that which ends it. */
    Optional<Instant> stopTime() {
        return Optional.ofNullable(kafka).map(read -> read.stop().time());
    }

    /** The path on the machine's own file system that is read. */
    public Optional<String> localPath() {
        return Optional.ofNullable(files).flatMap(FileSource::localPath);
    }

    /** The same, whatever it says of where a read begins. */
    SourceSpec withoutStart() {
        return kafka == null ? this : withKafka(kafka.withoutStart());
    }

    /** The same, reading Kafka otherwise. */
    public SourceSpec withKafka(KafkaSource kafka) {
        return new SourceSpec(kafka, files, eventTime, maxOutOfOrderness, maxAhead, idleAfter, maxEventsPerSecond);
    }
}
