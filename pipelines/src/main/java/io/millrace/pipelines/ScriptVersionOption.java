package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The version of dynamic scripts that processes every event, if that is said. */
final class ScriptVersionOption {
    @Option(
            names = "--script-version",
            paramLabel = "ID",
            description =
                    "Process every event by this version of a script that has versions, on purpose, instead of the one in force at the"
                            + " event's time. It holds for all routes of the job that have such a script.")
    private @Nullable String version;

    /** The version, or empty for those in force at the events' times. */
    String orEmpty() {
        return version == null ? "" : version;
    }

    /** Notes where a route of these has not the version, or none has versions. */
    void check(RouterSpec spec, List<RouteSpec> routes, Problems problems) {
        String given = version;
        if (given == null) {
            return;
        }
        List<ControlledRoute> controlled = controlled(spec, routes);
        if (controlled.isEmpty() && !routes.isEmpty()) {
            problems.add("--script-version", "must not be given where no route that runs has a dynamic script");
        }
        controlled.forEach(one -> one.checkVersion(given, problems));
    }

    /** Notes the same, and where a route of these would wait for a first version. */
    void checkThereIsOne(RouterSpec spec, List<RouteSpec> routes, String why, Problems problems) {
        check(spec, routes, problems);
        if (version == null) {
            controlled(spec, routes).forEach(one -> one.checkHasVersion(why, problems));
        }
    }

    private static List<ControlledRoute> controlled(RouterSpec spec, List<RouteSpec> routes) {
        return routes.stream()
                .map(one -> ControlledRoute.of(spec, one))
                .flatMap(Optional::stream)
                .toList();
    }
}
