package io.millrace.pipelines.enrich;

import io.millrace.transforms.event.DeadLetter;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;

/** Makes dead letters of a route of the records of a changelog whose time cannot be used; as {@link ChangeFn} of those that say nothing. */
final class UntimedChangeFn extends DoFn<DeadLetter, DeadLetter> {
    private static final long serialVersionUID = 1;

    private final String route;
    private final String into;
    private final Counter unreadable;

    UntimedChangeFn(String route, String into, String namespace) {
        this.route = route;
        this.into = into;
        this.unreadable = Metrics.counter(namespace, ChangeFn.UNREADABLE);
    }

    @ProcessElement
    public void process(@Element DeadLetter read, OutputReceiver<DeadLetter> out) {
        unreadable.inc();
        out.output(new DeadLetter(
                read.event(),
                route,
                ChangeFn.STEP,
                read.reason(),
                ChangeFn.message(into, read.message()),
                read.eventTime()));
    }
}
