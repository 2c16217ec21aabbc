package io.millrace.pipelines.enrich;

import io.millrace.devinterface.spec.ChangelogSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaStop;
import io.millrace.transforms.event.DeadLetter;

/**
 * How the changelogs of a route are read: always from their earliest record, whatever the events have come to, since what is kept of them
 * already is of no harm.
 *
 * @param stop where they end
 * @param asksNobody whether no broker is asked what there is to read
 */
public record ChangelogReads(KafkaStop stop, boolean asksNobody) {
    /** Reads all that is there. */
    public static final ChangelogReads TO_THE_END = new ChangelogReads(KafkaStop.END, false);

    /** The read of one. */
    KafkaEvents.Read of(ChangelogSpec spec) {
        KafkaEvents.Read read = KafkaEvents.read(spec.kafka().source(stop)).withEventTimes(spec.times());
        return asksNobody ? read : read.splittingAtOnce();
    }

    /** Whether a dead letter is of a record of a changelog, and not of an event. */
    public static boolean isOfChangelog(DeadLetter deadLetter) {
        return deadLetter.step().equals(ChangeFn.STEP);
    }
}
