package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.io.kafka.ChangelogTopic;
import io.millrace.io.source.EventTimes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A changelog that is joined by key, as of the events' times. */
public record ChangelogSpec(
        @Setting(value = "The topic of Kafka.", example = "{bootstrapServers: \"localhost:9092\", topic: profiles}")
        ChangelogTopic kafka,

        @Setting(
                value =
                        "How far the watermark of the changelog stays behind its newest change. Events wait until it has passed their"
                                + " times.",
                byDefault = "PT10S")
        Duration maxOutOfOrderness,

        @Setting(
                value =
                        "How far past the clock a change's time may lie; one further ahead is a dead letter, and moves no watermark.",
                byDefault = "PT1H")
        Duration maxAhead,

        @Setting(
                value =
                        "For how long a partition must have had nothing to read for its watermark to follow the clock: a duration "
                                + "or never, which lets events wait for ever behind a partition without changes.",
                byDefault = "PT30S",
                example = "PT5S")
        IdleAfter idleAfter,

        @Setting(
                value =
                        "For how long a value holds that is not renewed, in event time; after that there is nothing of its key, and it"
                                + " is forgotten. Without it, for ever. Given to a job that has values already, it is forgotten of a key"
                                + " when a change of it comes, or an event that waits.",
                example = "P30D")
        @Nullable Duration timeToLive,

        @Setting(
                value =
                        "How far behind the watermark an event may come, of the events and of the changelog, and still be looked up; a"
                                + " later one is a dead letter. For so long all versions of a value are kept.",
                byDefault = "PT0S")
        Duration allowedLateness) {

    public ChangelogSpec {
        checkArgument(
                timeToLive == null || timeToLive.toMillis() >= 1,
                "timeToLive must be at least a millisecond, but was %s",
                timeToLive);
        checkArgument(!allowedLateness.isNegative(), "allowedLateness must be at least 0, but was %s", allowedLateness);
        times(maxOutOfOrderness, maxAhead, idleAfter);
    }

    /** How changes get their times, and how the watermark follows them. */
    public EventTimes times() {
        return times(maxOutOfOrderness, maxAhead, idleAfter);
    }

    /** The same, whatever it says of what becomes of the changes. */
    ChangelogSpec asItIsRead() {
        return new ChangelogSpec(kafka, maxOutOfOrderness, maxAhead, idleAfter, null, Duration.ZERO);
    }

    private static EventTimes times(Duration maxOutOfOrderness, Duration maxAhead, IdleAfter idleAfter) {
        return EventTimes.ofRecords()
                .checkingRecords()
                .withMaxAhead(maxAhead)
                .withMaxOutOfOrderness(maxOutOfOrderness)
                .withIdleAfter(idleAfter.duration());
    }
}
