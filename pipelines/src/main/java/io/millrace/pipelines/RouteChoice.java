package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The routes that {@code --route} chooses: all, or the one that it names. */
final class RouteChoice {
    private RouteChoice() {}

    /** The chosen routes; none if there is no such route, which is then a problem. */
    static List<RouteSpec> of(RouterSpec spec, @Nullable String route, Problems problems) {
        List<RouteSpec> routes = spec.routes().stream()
                .filter(candidate -> route == null || candidate.name().equals(route))
                .toList();
        if (routes.isEmpty()) {
            problems.add("--route", "must be one of " + String.join(", ", spec.routeNames()) + ", but was " + route);
        }
        return routes;
    }
}
