package io.millrace.pipelines.router;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.DynamicSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.ScriptSpec;
import io.millrace.devinterface.spec.WithdrawSpec;
import io.millrace.transforms.script.RunScript;
import java.util.Optional;

/** How a run has the scripts of routes. */
enum Scripts {
    /** Events come for the first time: a version that fails for too many is withdrawn. */
    LIVE,
    /** Dead letters come again, for which scripts failed before: no version is withdrawn for that. */
    AGAIN,
    /** Events come again, and nothing is written: nor is anything to the logs of versions. */
    WATCHED;

    private static final double NEVER = 1;

    /**
     * The transform that runs the script of a route, if it has one.
     *
     * @param version of a script that has versions, the one for every event; empty for the one in force at the event's time
     */
    Optional<RunScript> of(String pipeline, RouteSpec route, String version) {
        return Optional.ofNullable(route.script())
                .map(script -> script(script, version)
                        .withLimits(script.scriptLimits())
                        .ofRoute(pipeline, route.name()));
    }

    private RunScript script(ScriptSpec script, String version) {
        DynamicSpec dynamic = script.dynamic();
        if (dynamic == null) {
            return RunScript.of(script.script());
        }
        WithdrawSpec withdraw = requireNonNull(script.withdraw());
        RunScript changing = RunScript.versionsFrom(
                        this == WATCHED ? new WatchedLog(dynamic.log()) : dynamic.log(),
                        script.language(),
                        script.function())
                .withWithdrawal(this == LIVE ? withdraw.share() : NEVER, withdraw.over());
        return version.isEmpty() ? changing : changing.withVersion(version);
    }
}
