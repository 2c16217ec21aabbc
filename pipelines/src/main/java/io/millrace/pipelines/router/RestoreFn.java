package io.millrace.pipelines.router;

import io.millrace.io.source.ComputedTime;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.StoredDeadLetter;
import io.millrace.transforms.expression.EvaluationException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
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
    private final List<SourceAgain> sources;

    RestoreFn(RouteMetrics metrics, List<SourceAgain> sources) {
        this.metrics = metrics;
        this.sources = List.copyOf(sources);
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
        Origin origin = deadLetter.event().id().origin();
        Optional<Event> original = source(origin).event(origin);
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

    private SourceAgain source(Origin origin) {
        return sources.size() == 1
                ? sources.get(0)
                : sources.stream()
                        .filter(source -> source.has(origin))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "origin must be of one of the route's sources, but was of " + origin.stream()));
    }

    /** A result of the route. */
    private void sendAgain(DeadLetter deadLetter, MultiOutputReceiver out) {
        metrics.countIn(1);
        out.get(RESULTS).outputWithTimestamp(deadLetter.event(), deadLetter.eventTime());
    }

    @Teardown
    public void close() throws IOException {
        for (SourceAgain source : sources) {
            source.close();
        }
    }

    /** At the time that the spec computes, as it is now; without such an expression at the time that the event had. */
    private void restore(DeadLetter deadLetter, MultiOutputReceiver out) {
        Event event = deadLetter.event();
        try {
            out.get(EVENTS)
                    .outputWithTimestamp(event, source(event.id().origin()).time(event, deadLetter.eventTime()));
        } catch (EvaluationException e) {
            out.get(WITHOUT_TIME).output(ComputedTime.withoutTime(event, e));
        }
    }
}
