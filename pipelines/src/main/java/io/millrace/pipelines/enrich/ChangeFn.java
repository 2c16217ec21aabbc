package io.millrace.pipelines.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Utf8;
import io.millrace.transforms.enricher.Change;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.JsonCheck;
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

    /** The counter of records that say nothing of a key. */
    static final String UNREADABLE = "lookup_unreadable_changes";

    private static final long serialVersionUID = 1;

    private final String route;
    private final String into;
    private final Counter unreadable;

    ChangeFn(String route, String into, String namespace) {
        this.route = route;
        this.into = into;
        this.unreadable = Metrics.counter(namespace, UNREADABLE);
    }

    @ProcessElement
    public void process(@Element Event said, @Timestamp Instant time, MultiOutputReceiver out) {
        byte[] key = said.key();
        byte[] value = said.value();
        String problem = value == null ? null : JsonCheck.problem(value);
        if (key == null) {
            out.get(EnrichEvents.DEAD_LETTERS)
                    .output(deadLetter(said, Reason.LOOKUP_KEY_FAILED, "the record has no key", time));
        } else if (!Utf8.isWellFormed(key)) {
            out.get(EnrichEvents.DEAD_LETTERS)
                    .output(deadLetter(said, Reason.LOOKUP_KEY_FAILED, "the record's key is not UTF-8", time));
        } else if (problem != null) {
            out.get(EnrichEvents.DEAD_LETTERS).output(deadLetter(said, Reason.NOT_JSON, problem, time));
        } else {
            long sequence = said.id().origin().offset();
            out.get(CHANGES).output(KV.of(new String(key, UTF_8), new Change<>(unlessNull(value), sequence)));
        }
    }

    /** As everywhere, null is nothing. */
    private static byte @Nullable [] unlessNull(byte @Nullable [] value) {
        return value == null || isNull(value) ? null : value;
    }

    /** Of sound documents null alone begins like this, whatever white space is around it. */
    private static boolean isNull(byte[] json) {
        int at = 0;
        while (json[at] <= ' ') {
            at++;
        }
        return json[at] == 'n';
    }

    private DeadLetter deadLetter(Event said, Reason reason, String problem, Instant time) {
        unreadable.inc();
        return new DeadLetter(said, route, STEP, reason, message(into, problem), time);
    }

    /** The message of a dead letter of the changelog of a field. */
    static String message(String into, String problem) {
        return "changelog of '" + into + "': " + problem;
    }
}
