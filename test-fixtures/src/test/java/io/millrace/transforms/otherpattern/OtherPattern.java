package io.millrace.transforms.otherpattern;

import io.millrace.transforms.event.SharedSample;
import java.time.Clock;
import java.time.Instant;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;

/** A pattern as it should be: it breaks no rule. */
public final class OtherPattern extends PTransform<PCollection<String>, PCollection<String>> {

    private final SharedSample shared = new SharedSample();
    private final Clock clock;

    public OtherPattern(Clock clock) {
        this.clock = clock;
    }

    public Instant now() {
        return Instant.now(clock);
    }

    public SharedSample shared() {
        return shared;
    }

    @Override
    public PCollection<String> expand(PCollection<String> input) {
        return input;
    }

    static final class OtherFn extends DoFn<String, String> {}
}
