package io.millrace.pipelines.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.enricher.Change;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.JsonCheck;
import java.util.Arrays;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes of the records of a changelog. One that says nothing of a key is a dead letter, which is none of the route's events and so
 * not counted as such.
 */
final class ChangeFn extends DoFn<Event, KV<String, Change<byte[]>>> {
    static final TupleTag<KV<String, Change<byte[]>>> CHANGES = new TupleTag<>("changes");

    /** The step that dead letters of records give. */
    static final String STEP = "changelog";

    private static final long serialVersionUID = 1;
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final String route;
    private final String into;
    private final Counter unreadable;

    ChangeFn(String route, String into, String namespace) {
        this.route = route;
        this.into = into;
        this.unreadable = Metrics.counter(namespace, "lookup_unreadable_changes");
    }

    @ProcessElement
    public void process(@Element Event said, @Timestamp Instant time, MultiOutputReceiver out) {
        byte[] key = said.key();
        byte[] value = said.value();
        String problem = value == null ? null : JsonCheck.problem(value);
        if (key == null) {
            out.get(EnrichEvents.DEAD_LETTERS)
                    .output(deadLetter(said, Reason.LOOKUP_KEY_FAILED, "the record has no key", time));
        } else if (problem != null) {
            out.get(EnrichEvents.DEAD_LETTERS).output(deadLetter(said, Reason.NOT_JSON, problem, time));
        } else {
            long sequence = said.id().origin().offset();
            out.get(CHANGES).output(KV.of(new String(key, UTF_8), new Change<>(unlessNull(value), sequence)));
        }
    }

    /** As everywhere, null is nothing. */
    private static byte @Nullable [] unlessNull(byte @Nullable [] value) {
        return Arrays.equals(value, NULL) ? null : value;
    }

    private DeadLetter deadLetter(Event said, Reason reason, String problem, Instant time) {
        unreadable.inc();
        return new DeadLetter(said, route, STEP, reason, "changelog of '" + into + "': " + problem, time);
    }
}
