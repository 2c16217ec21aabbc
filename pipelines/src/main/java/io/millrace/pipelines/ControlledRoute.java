package io.millrace.pipelines;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.DynamicSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.ScriptSpec;
import io.millrace.pipelines.script.ControlHistory;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * A route whose script has versions.
 *
 * @param pipeline the pipeline's name
 * @param route the route's name
 * @param script its script
 * @param log where the versions are
 */
record ControlledRoute(String pipeline, String route, ScriptSpec script, ControlLog log) {

    /** A route of a spec; nothing if its script has no versions. */
    static Optional<ControlledRoute> of(RouterSpec spec, RouteSpec route) {
        ScriptSpec script = route.script();
        DynamicSpec dynamic = script == null ? null : script.dynamic();
        return dynamic == null
                ? Optional.empty()
                : Optional.of(new ControlledRoute(spec.name(), route.name(), requireNonNull(script), dynamic.log()));
    }

    /** What became of the records so far. */
    ControlHistory history() {
        try {
            return ControlHistory.of(script, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a reply is one of the route's jobs: others may have the same log. */
    boolean isOwn(ControlReply reply) {
        return reply.pipeline().equals(pipeline) && reply.route().equals(route);
    }

    /** Notes that there is no version yet, if there is none. */
    void checkHasVersion(String why, Problems problems) {
        if (history().versions().isEmpty()) {
            problems.add(
                    "route " + route,
                    "must have a version of its script in " + log.name() + ", " + why
                            + ", but there is none yet: send one with `script publish FILE --route=" + route
                            + " --spec=...`");
        }
    }

    /** Notes that there is no such version, if there is none. */
    void checkVersion(String id, Problems problems) {
        List<String> versions = history().versions();
        if (!versions.contains(id)) {
            problems.add(
                    "--script-version",
                    "must be an accepted version in " + log.name() + ", for route " + route + ", but was " + id
                            + (versions.isEmpty()
                                    ? ": there is none yet"
                                    : ": there are " + String.join(", ", versions)));
        }
    }
}
