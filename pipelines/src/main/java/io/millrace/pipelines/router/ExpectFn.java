package io.millrace.pipelines.router;

import io.millrace.io.sink.Held;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.RefusedException;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.ResultId;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says of each result how the sink should hold it, by the key that a dead letter of it would have. */
final class ExpectFn extends DoFn<Event, KV<Integer, KV<String, Held>>> {
    static final TupleTag<KV<Integer, KV<String, Held>>> RESULTS = new TupleTag<>("results");
    /** What the sink does not take as it is: names of it for a person. */
    static final TupleTag<KV<Integer, KV<String, String>>> REFUSED = new TupleTag<>("refused");

    private static final long serialVersionUID = 1;

    private final String route;
    private final Holdings holdings;
    private final @Nullable DeadLetterKeys deadLetters;

    ExpectFn(String route, Holdings holdings, Optional<DeadLetterKeys> deadLetters) {
        this.route = route;
        this.holdings = holdings;
        this.deadLetters = deadLetters.orElse(null);
    }

    @ProcessElement
    public void process(@Element Event result, @Timestamp Instant time, MultiOutputReceiver out) {
        ResultId deadLetter = DeadLetter.idOf(result.id(), route);
        String key = deadLetters == null ? deadLetter.toString() : deadLetters.of(deadLetter);
        try {
            out.get(RESULTS).output(Buckets.of(key, holdings.expected(result, time)));
        } catch (RefusedException e) {
            out.get(REFUSED)
                    .output(Buckets.of(key, result.id() + ", " + e.reason().text() + ": " + e.message()));
        }
    }
}
