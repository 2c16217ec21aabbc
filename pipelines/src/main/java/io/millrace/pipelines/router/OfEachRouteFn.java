package io.millrace.pipelines.router;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.RouteMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;

/** Makes a dead letter that names no route one of each route, counted as come in and given up. */
final class OfEachRouteFn extends DoFn<DeadLetter, DeadLetter> {
    private static final long serialVersionUID = 1;

    private final LinkedHashMap<String, RouteMetrics> routes = new LinkedHashMap<>();

    private final HandedOver handedOver;

    OfEachRouteFn(String pipeline, List<String> routes, HandedOver handedOver) {
        this.handedOver = handedOver;
        routes.forEach(route -> this.routes.put(route, RouteMetrics.of(pipeline, route)));
    }

    @ProcessElement
    public void process(@Element DeadLetter deadLetter, OutputReceiver<DeadLetter> out) {
        Set<String> had = handedOver.behind(deadLetter.event().id().origin());
        for (Map.Entry<String, RouteMetrics> route : routes.entrySet()) {
            if (had.contains(route.getKey())) {
                continue;
            }
            route.getValue().countIn(1);
            route.getValue().countDeadLetter(deadLetter.reason());
            out.output(deadLetter.ofRoute(route.getKey()));
        }
    }
}
