package io.millrace.pipelines;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What routes did, as text. */
final class ResultTable {
    private ResultTable() {}

    /**
     * A table with a line for each route, and below it one for each lookup that found nothing of events. A column {@code added} is there
     * where a script made several results of events.
     */
    static String of(List<RouteRun> runs) {
        int width = runs.stream().mapToInt(run -> run.route().length()).max().orElse(0);
        String name = "%-" + Math.max(width, "route".length()) + "s";
        Map<RouteRun, RouteCounts> counted = new LinkedHashMap<>();
        runs.forEach(run -> counted.put(run, run.counts()));
        boolean isAdded = counted.values().stream().anyMatch(counts -> counts.added() > 0);
        StringBuilder table = new StringBuilder(String.format(name, "route"));
        Stream.of("in", "added", "delivered", "filtered", "deadLettered")
                .filter(column -> isAdded || !column.equals("added"))
                .forEach(column -> table.append(String.format("  %12s", column)));
        table.append(String.format("  state%n"));
        counted.forEach((run, counts) -> {
            table.append(String.format(name, run.route()));
            numbers(counts, isAdded).forEach(number -> table.append(String.format("  %12d", number)));
            table.append(String.format("  %s%n", run.progress().name().toLowerCase(Locale.ROOT)));
        });
        runs.forEach(run -> run.lookups().stream()
                .filter(lookup -> lookup.missed() > 0)
                .forEach(lookup -> table.append(missed(run.route(), lookup))));
        return table.toString();
    }

    private static String missed(String route, LookupCounts lookup) {
        return String.format(
                "%s: %s: nothing was found for %d of %d events%n",
                route, lookup.into(), lookup.missed(), lookup.answered());
    }

    private static LongStream numbers(RouteCounts counts, boolean isAdded) {
        return LongStream.concat(
                isAdded ? LongStream.of(counts.in(), counts.added()) : LongStream.of(counts.in()),
                LongStream.of(counts.delivered(), counts.filtered(), counts.deadLettered()));
    }

    /** One line on how far the routes have come. */
    static String progress(List<RouteRun> runs) {
        return runs.stream().map(ResultTable::progress).collect(Collectors.joining("; "));
    }

    private static String progress(RouteRun run) {
        RouteCounts counts = run.counts();
        String added = counts.added() == 0 ? "" : ", added " + counts.added();
        return run.route() + " in " + counts.in() + added + ", delivered " + counts.delivered() + ", in flight "
                + counts.inFlight();
    }
}
