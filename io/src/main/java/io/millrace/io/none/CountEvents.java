package io.millrace.io.none;

import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Counts events as delivered and writes nothing; there are no dead letters.
 *
 * <p><i>Shape</i>: Events, bounded or not, of any windowing and with any value, none too.
 *
 * <p><i>Guarantee</i>: Each event is counted once in a run without restarts.
 */
public final class CountEvents extends PTransform<PCollection<Event>, PCollection<DeadLetter>> {
    private static final long serialVersionUID = 1;

    private final SinkContext context;

    private CountEvents(SinkContext context) {
        this.context = context;
    }

    /** Counts a route's events. */
    public static CountEvents of(SinkContext context) {
        return new CountEvents(context);
    }

    @Override
    public PCollection<DeadLetter> expand(PCollection<Event> events) {
        return events.apply("Count", ParDo.of(new CountFn(context.metrics())));
    }

    private static final class CountFn extends DoFn<Event, DeadLetter> {
        private static final long serialVersionUID = 1;

        private final RouteMetrics metrics;

        CountFn(RouteMetrics metrics) {
            this.metrics = metrics;
        }

        @ProcessElement
        public void process(@Element Event event) {
            metrics.countDelivered(1);
        }
    }
}
