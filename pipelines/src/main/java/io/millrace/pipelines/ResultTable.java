package io.millrace.pipelines;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What routes did, as text. */
final class ResultTable {
    private ResultTable() {}

    /** A table with a line for each route. */
    static String of(List<RouteRun> runs) {
        int width = runs.stream().mapToInt(run -> run.route().length()).max().orElse(0);
        String columns = "%-" + Math.max(width, "route".length()) + "s  %12s  %12s  %12s  %12s  %s%n";
        StringBuilder table = new StringBuilder(
                String.format(columns, "route", "in", "delivered", "filtered", "deadLettered", "state"));
        for (RouteRun run : runs) {
            RouteCounts counts = run.counts();
            table.append(String.format(
                    columns,
                    run.route(),
                    counts.in(),
                    counts.delivered(),
                    counts.filtered(),
                    counts.deadLettered(),
                    run.progress().name().toLowerCase(Locale.ROOT)));
        }
        return table.toString();
    }

    /** One line on how far the routes have come. */
    static String progress(List<RouteRun> runs) {
        return runs.stream().map(ResultTable::progress).collect(Collectors.joining("; "));
    }

    private static String progress(RouteRun run) {
        RouteCounts counts = run.counts();
        return run.route() + " in " + counts.in() + ", delivered " + counts.delivered() + ", in flight "
                + counts.inFlight();
    }
}
