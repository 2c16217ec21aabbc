package io.millrace.pipelines.join;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElseGet;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.joiner.Refused;
import java.util.Locale;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;

/** Makes dead letters of the events that a join could not take in. */
final class RefusedFn extends DoFn<KV<String, Refused<Joinable, Joinable>>, DeadLetter> {
    private static final long serialVersionUID = 1;

    private final String place;

    RefusedFn(String place) {
        this.place = place;
    }

    @ProcessElement
    public void process(
            @Element KV<String, Refused<Joinable, Joinable>> keyed,
            @Timestamp Instant time,
            OutputReceiver<DeadLetter> out) {
        Refused<Joinable, Joinable> refused = keyed.getValue();
        Joinable of = requireNonNullElseGet(refused.left(), () -> requireNonNull(refused.right()));
        String side = refused.side().name().toLowerCase(Locale.ROOT);
        String message = "%s, %s, key '%s': %s".formatted(place, side, keyed.getKey(), refused.message());
        out.output(new DeadLetter(
                of.event(), JoinEvents.NO_ROUTE, JoinEvents.STEP, reason(refused.reason()), message, time));
    }

    private static Reason reason(Refused.Reason reason) {
        return switch (reason) {
            case LATE -> Reason.LATE;
            case OVER_LIMIT -> Reason.JOIN_OVER_LIMIT;
            case NO_TIME -> Reason.EVENT_TIME_UNREADABLE;
        };
    }
}
