package io.millrace.pipelines.router;

import io.millrace.io.source.ComputedTime;
import io.millrace.io.source.Originals;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.StoredDeadLetter;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.TimeExpression;
import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes of each stored dead letter, however often it was stored, the event that was given up, at its time. */
final class RestoreFn extends DoFn<KV<String, Iterable<byte[]>>, Event> {
    /** Events that go through the route again. */
    static final TupleTag<Event> EVENTS = new TupleTag<>("events");
    /** Results of the route, which go to its sink again. */
    static final TupleTag<Event> RESULTS = new TupleTag<>("results");
    /** Events that still have no time. They name no route. */
    static final TupleTag<DeadLetter> WITHOUT_TIME = new TupleTag<>("withoutTime");

    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(RestoreFn.class);

    private final RouteMetrics metrics;
    private final Originals originals;
    private final @Nullable ComputedTime eventTime;
    private transient Originals.@Nullable Reader reader;

    RestoreFn(RouteMetrics metrics, Originals originals, @Nullable TimeExpression eventTime) {
        this.metrics = metrics;
        this.originals = originals;
        this.eventTime = eventTime == null ? null : ComputedTime.by(eventTime);
    }

    @ProcessElement
    public void process(@Element KV<String, Iterable<byte[]>> stored, MultiOutputReceiver out) throws IOException {
        StoredDeadLetter one =
                StoredDeadLetter.parse(stored.getValue().iterator().next());
        if (one.valueOmitted()) {
            readAgain(one.deadLetter(), out);
        } else if (one.deadLetter().step().equals(StoredDeadLetter.SINK)) {
            sendAgain(one.deadLetter(), out);
        } else {
            restore(one.deadLetter(), out);
        }
    }

    /** What is read again is the event as it was, also where the dead letter is of a result that the route made of it. */
    private void readAgain(DeadLetter deadLetter, MultiOutputReceiver out) throws IOException {
        Optional<Event> original = reader().event(deadLetter.event().id().origin());
        if (original.isPresent()) {
            restore(deadLetter.ofEvent(original.get()), out);
        } else {
            LOG.warn(
                    "dead letter {} stays as it is: its value was too large for it, and is gone from the source",
                    deadLetter.id());
            metrics.countIn(1);
            metrics.countDeadLetter(deadLetter.reason());
        }
    }

    private Originals.Reader reader() {
        if (reader == null) {
            reader = originals.open();
        }
        return reader;
    }

    /** A result of the route. */
    private void sendAgain(DeadLetter deadLetter, MultiOutputReceiver out) {
        metrics.countIn(1);
        out.get(RESULTS).outputWithTimestamp(deadLetter.event(), deadLetter.eventTime());
    }

    @Teardown
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }

    /** At the time that the spec computes, as it is now; without such an expression at the time that the event had. */
    private void restore(DeadLetter deadLetter, MultiOutputReceiver out) {
        Event event = deadLetter.event();
        try {
            out.get(EVENTS)
                    .outputWithTimestamp(event, eventTime == null ? deadLetter.eventTime() : eventTime.of(event));
        } catch (EvaluationException e) {
            out.get(WITHOUT_TIME).output(ComputedTime.withoutTime(event, e));
        }
    }
}
