package io.millrace.pipelines.router;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.RouteMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;

/** Makes a dead letter that names no route one of each route, counted as come in and given up. */
final class CountUnreadFn extends DoFn<DeadLetter, DeadLetter> {
    private static final long serialVersionUID = 1;

    private final LinkedHashMap<String, RouteMetrics> routes = new LinkedHashMap<>();

    CountUnreadFn(String pipeline, List<String> routes) {
        routes.forEach(route -> this.routes.put(route, RouteMetrics.of(pipeline, route)));
    }

    @ProcessElement
    public void process(@Element DeadLetter deadLetter, OutputReceiver<DeadLetter> out) {
        for (Map.Entry<String, RouteMetrics> route : routes.entrySet()) {
            route.getValue().countIn(1);
            route.getValue().countDeadLetter(deadLetter.reason());
            out.output(deadLetter.ofRoute(route.getKey()));
        }
    }
}
