package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader.Target;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which route's script a command is about that has versions. */
final class ControlledRouteOptions {
    @Mixin
    private final SpecFileOption spec = new SpecFileOption();

    @Option(
            names = "--route",
            paramLabel = "NAME",
            description =
                    "The route whose script is meant. It must be given where several routes have a dynamic script.")
    private @Nullable String route;

    /** The route; nothing if there is none, which is then a problem. */
    Optional<ControlledRoute> read(Problems problems) {
        return spec.read(Target.LOCAL, problems).flatMap(read -> choose(read, problems));
    }

    private Optional<ControlledRoute> choose(RouterSpec spec, Problems problems) {
        List<ControlledRoute> controlled = RouteChoice.of(spec, route, problems).stream()
                .flatMap(one -> ControlledRoute.of(spec, one).stream())
                .toList();
        if (controlled.size() == 1) {
            return Optional.of(controlled.get(0));
        }
        if (controlled.size() > 1) {
            problems.add(
                    "--route",
                    "is required, one of "
                            + controlled.stream().map(ControlledRoute::route).collect(Collectors.joining(", ")));
        } else if (route == null || spec.routeNames().contains(route)) {
            problems.add(
                    route == null ? "--spec" : "--route",
                    "must have a dynamic script, such as script: {dynamic: {kafka: {bootstrapServers: \"localhost:9092\","
                            + " topic: play_script}}}");
        }
        return Optional.empty();
    }
}
