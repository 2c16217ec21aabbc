package io.millrace.pipelines.router;

import io.millrace.transforms.event.DeadLetter;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/** Names each dead letter for a person, by the key that it is stored under. */
final class GivenUpFn extends DoFn<DeadLetter, KV<Integer, KV<String, String>>> {
    private static final long serialVersionUID = 1;

    private final @Nullable DeadLetterKeys deadLetters;

    GivenUpFn(Optional<DeadLetterKeys> deadLetters) {
        this.deadLetters = deadLetters.orElse(null);
    }

    @ProcessElement
    public void process(@Element DeadLetter deadLetter, OutputReceiver<KV<Integer, KV<String, String>>> out) {
        String key = deadLetters == null ? deadLetter.id().toString() : deadLetters.of(deadLetter.id());
        out.output(Buckets.of(key, deadLetter.id() + ", " + deadLetter.reason().text() + ": " + deadLetter.message()));
    }
}
