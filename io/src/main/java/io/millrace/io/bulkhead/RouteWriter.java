package io.millrace.io.bulkhead;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.SinkContext;
import java.io.Serializable;

/**
 * A route of a shared job, and what writes its events.
 *
 * @param context what the sink is told of the route
 * @param writers opens what writes them
 * @param share what may be on its way at a time
 * @param onSlow what becomes of the route while its sink does not keep up
 */
public record RouteWriter(SinkContext context, EventWriter.Factory writers, InFlight share, OnSlow onSlow)
        implements Serializable {

    String route() {
        return context.route();
    }

    void checkParking(boolean isThere) {
        checkArgument(
                isThere || onSlow != OnSlow.PARK, "parking must be given where route %s is to be parked", route());
    }
}
