package io.millrace.pipelines.router;

import io.millrace.io.source.EventsRead;
import io.millrace.io.source.Originals;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.StoredDeadLetter;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.TimeExpression;
import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
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
    private final Plan plan;
    private final @Nullable Handle<TimeExpression> eventTime;
    private transient @Nullable Evaluator evaluator;
    private transient Originals.@Nullable Reader reader;

    RestoreFn(RouteMetrics metrics, Originals originals, @Nullable TimeExpression eventTime) {
        this.metrics = metrics;
        this.originals = originals;
        Plan.Builder builder = Plan.builder();
        this.eventTime = eventTime == null ? null : builder.add(eventTime);
        this.plan = builder.build();
    }

    @ProcessElement
    public void process(@Element KV<String, Iterable<byte[]>> stored, MultiOutputReceiver out) throws IOException {
        StoredDeadLetter one =
                StoredDeadLetter.parse(stored.getValue().iterator().next());
        DeadLetter deadLetter = one.deadLetter();
        Optional<byte[]> value = one.valueOmitted()
                ? original(deadLetter)
                : Optional.ofNullable(deadLetter.event().value());
        if (one.valueOmitted() && value.isEmpty()) {
            LOG.warn(
                    "dead letter {} stays as it is: its value was too large for it, and is gone from the source",
                    stored.getKey());
            metrics.countIn(1);
            metrics.countDeadLetter(deadLetter.reason());
            return;
        }
        restore(deadLetter.withValue(value.orElse(null)), one.valueOmitted(), out);
    }

    private Optional<byte[]> original(DeadLetter deadLetter) throws IOException {
        if (reader == null) {
            reader = originals.open();
        }
        return reader.value(deadLetter.event().id().origin());
    }

    @Teardown
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }

    /** A result of the route goes to the sink, unless its value was omitted: what was read again then is the event it was made of. */
    private void restore(DeadLetter deadLetter, boolean readAgain, MultiOutputReceiver out) {
        if (!deadLetter.step().equals(StoredDeadLetter.SINK)) {
            restore(deadLetter, out);
        } else if (readAgain) {
            restore(deadLetter.asRead(), out);
        } else {
            metrics.countIn(1);
            out.get(RESULTS).outputWithTimestamp(deadLetter.event(), deadLetter.eventTime());
        }
    }

    private void restore(DeadLetter deadLetter, MultiOutputReceiver out) {
        Event event = deadLetter.event();
        try {
            out.get(EVENTS).outputWithTimestamp(event, time(deadLetter));
        } catch (EvaluationException e) {
            Reason reason = e.reason(Reason.EVENT_TIME_UNREADABLE);
            String message = "eventTime: " + e.getMessage();
            out.get(WITHOUT_TIME).output(EventsRead.deadLetter(event, reason, message, DeadLetter.NO_TIME));
        }
    }

    /** The time that the spec computes, as it is now; without such an expression the time that the event had. */
    private Instant time(DeadLetter deadLetter) throws EvaluationException {
        if (eventTime == null) {
            return deadLetter.eventTime();
        }
        if (evaluator == null) {
            evaluator = plan.evaluator();
        }
        Event event = deadLetter.event();
        evaluator.bind(event.value(), event.key(), event.headers(), Evaluator.NO_TIMESTAMP);
        return Instant.ofEpochMilli(evaluator.time(eventTime));
    }
}
