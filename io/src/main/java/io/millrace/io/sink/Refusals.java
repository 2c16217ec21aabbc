package io.millrace.io.sink;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/** The events of a bundle that a sink refused: when the bundle ends they are counted, and leave as dead letters. */
public final class Refusals {
    private final SinkContext context;
    private final List<Refused> refused = new ArrayList<>();

    /** No refusals yet, of a route's sink. */
    public Refusals(SinkContext context) {
        this.context = context;
    }

    /** An event was refused. */
    public void add(Event event, Instant timestamp, BoundedWindow window, RefusedException cause) {
        refused.add(new Refused(event, timestamp, window, cause));
    }

    /** Counts the refused events, and gives each as a dead letter with its timestamp and window. */
    public void leave(DoFn<?, DeadLetter>.FinishBundleContext bundle) {
        for (Refused refusal : refused) {
            context.metrics().countDeadLetter(refusal.cause().reason());
            bundle.output(refusal.deadLetter(context), refusal.timestamp(), refusal.window());
        }
        refused.clear();
    }

    private record Refused(Event event, Instant timestamp, BoundedWindow window, RefusedException cause) {
        DeadLetter deadLetter(SinkContext context) {
            return context.deadLetter(event, cause.reason(), cause.message(), timestamp);
        }
    }
}
