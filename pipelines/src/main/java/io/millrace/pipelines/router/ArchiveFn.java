package io.millrace.pipelines.router;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import org.apache.beam.sdk.transforms.DoFn;

/** Counts what comes to a route that is an archive, which passes by those that filter. */
final class ArchiveFn extends DoFn<Event, Event> {
    private static final long serialVersionUID = 1;

    private final RouteMetrics metrics;
    private long lines;

    ArchiveFn(String pipeline, String route) {
        this.metrics = RouteMetrics.of(pipeline, route);
    }

    @StartBundle
    public void startBundle() {
        lines = 0;
    }

    @ProcessElement
    public void process(@Element Event line, OutputReceiver<Event> out) {
        lines++;
        out.output(line);
    }

    @FinishBundle
    public void finishBundle() {
        metrics.countIn(lines);
    }
}
