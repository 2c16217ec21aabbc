package io.millrace.pipelines.enrich;

import io.millrace.transforms.enricher.Unenriched;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Instant;

/** Gives up events for which there is no answer. */
final class UnansweredFn extends DoFn<Unenriched<Asked>, DeadLetter> {
    private static final long serialVersionUID = 1;

    private final GivingUp givingUp;

    UnansweredFn(GivingUp givingUp) {
        this.givingUp = givingUp;
    }

    @ProcessElement
    public void process(@Element Unenriched<Asked> failed, @Timestamp Instant time, OutputReceiver<DeadLetter> out) {
        Asked asked = failed.input();
        out.output(givingUp.deadLetter(
                asked.event(), reason(failed), "key '" + asked.key() + "': " + failed.message(), time));
    }

    private static Reason reason(Unenriched<?> failed) {
        return switch (failed.reason()) {
            case KEY_FAILED -> Reason.LOOKUP_KEY_FAILED;
            case REFUSED -> Reason.LOOKUP_REFUSED;
            case GAVE_UP -> Reason.LOOKUP_GAVE_UP;
            case MISSING -> Reason.LOOKUP_MISSED;
            case LATE -> Reason.LATE;
            case NO_TIME -> Reason.EVENT_TIME_UNREADABLE;
        };
    }
}
