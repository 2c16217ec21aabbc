package io.millrace.pipelines;

import java.util.List;
import java.util.stream.Collectors;

/** How far audits have come. What they found is told when all are done. */
final class AuditProgress implements RunReport {

    @Override
    public String progress(List<RouteRun> runs) {
        return runs.stream()
                .map(run -> run.route() + " read " + run.counts().in())
                .collect(Collectors.joining("; "));
    }

    @Override
    public String end(List<RouteRun> runs) {
        return "";
    }
}
