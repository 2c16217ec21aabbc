package io.millrace.pipelines.router;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import org.apache.beam.sdk.transforms.DoFn;

/** Gives the identities of a route's dead letters. */
final class IdsOfRouteFn extends DoFn<Event, String> {
    private static final long serialVersionUID = 1;

    private final String route;

    IdsOfRouteFn(String route) {
        this.route = route;
    }

    @ProcessElement
    public void process(@Element Event line, OutputReceiver<String> out) {
        DeadLetter deadLetter = StoredDeadLetters.parse(line).deadLetter();
        if (deadLetter.route().equals(route)) {
            out.output(deadLetter.id().toString());
        }
    }
}
