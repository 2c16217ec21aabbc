package io.millrace.benchmarks.coisolated;

import io.millrace.benchmarks.Chart;
import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Report;
import io.millrace.benchmarks.TextTable;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.Race;
import io.millrace.benchmarks.race.Standings;
import io.millrace.benchmarks.race.Throughput;
import io.millrace.benchmarks.race.Workload;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.server.WorkDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many routes in one job: the processor time of a route more, the bytes read for all, and what a frozen sink does to the others. */
@Command(
        name = "co-isolated",
        description = {
            "cpu: jobs of 1, 10, 50, 200 and 1000 routes without sinks: the same events, the same broker, a process each. In each"
                    + " round they take turns of a second, in another order than the round before, so that all meet the same"
                    + " machine; a value is the median of the rounds. Processor time is that of the job's whole process, by the"
                    + " operating system's accounts, once it is warm; the broker is a process of its own and is not counted.",
            "bytes: what the broker sends to a job of 200 routes, by its own metrics, over what it sends to a job of one.",
            "frozen: five sinks, of which one is halted for a minute at half of the load that the job can take; what is seen of"
                    + " the other four.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  co-isolated --quick", "  co-isolated --json=figures.json --results=benchmarks/results"})
public final class CoIsolatedBenchmark implements Callable<Integer> {
    private static final ToDoubleFunction<Throughput> CPU = Throughput::cpuMicrosPerEvent;
    private static final int ROUTES_OF_BYTES = 200;

    @Mixin
    private final Report report = new Report();

    /** What can be measured alone. */
    enum Part {
        CPU,
        BYTES,
        FROZEN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--parts",
            split = ",",
            paramLabel = "PART",
            description = "Only these of ${COMPLETION-CANDIDATES}. Default all.")
    private List<Part> parts = List.of(Part.values());

    @Option(
            names = "--routes",
            split = ",",
            paramLabel = "N",
            description = "How many routes the jobs of cpu have. Default 1,10,50,200,1000.")
    private List<Integer> routes = List.of(1, 10, 50, 200, 1_000);

    @Option(names = "--rounds", paramLabel = "N", description = "How many rounds of cpu. Default 5, or 1 with --quick.")
    private int rounds;

    @Option(names = "--events", paramLabel = "N", description = "How many. Default 20000000, or 4000000 with --quick.")
    private int events;

    /** What was measured; what was not is null. */
    private record Findings(@Nullable Standings cpu, double bytesOverOne, FrozenSinkTrial.@Nullable Outcome frozen) {}

    @Override
    public Integer call() {
        rounds = rounds > 0 ? rounds : report.quick() ? 1 : 5;
        events = events > 0 ? events : report.quick() ? 4_000_000 : 20_000_000;
        try (WorkDirectory folder = WorkDirectory.create("co-isolated-benchmark")) {
            FrozenSinkTrial.Outcome frozen = parts.contains(Part.FROZEN) ? frozen(folder) : null;
            publish(measured(folder, frozen));
        }
        return 0;
    }

    private FrozenSinkTrial.Outcome frozen(WorkDirectory folder) {
        Duration each = Duration.ofSeconds(report.quick() ? 15 : 60);
        try (KafkaBroker broker = KafkaBroker.createForLoad().start();
                KafkaBroker slow = KafkaBroker.create().start()) {
            FrozenSinkTrial.Outcome outcome = new FrozenSinkTrial(broker, slow, folder.path(), events / 2, each).run();
            System.err.printf("a frozen sink: %s%n", outcome);
            return outcome;
        }
    }

    private Findings measured(WorkDirectory folder, FrozenSinkTrial.@Nullable Outcome frozen) {
        if (!parts.contains(Part.CPU) && !parts.contains(Part.BYTES)) {
            return new Findings(null, Double.NaN, frozen);
        }
        try (KafkaBroker broker = KafkaBroker.createForLoad().start();
                Race race = new Race(broker, folder.path(), span())) {
            double bytes = parts.contains(Part.BYTES) ? bytes(broker, folder) : Double.NaN;
            return new Findings(parts.contains(Part.CPU) ? race(race, broker) : null, bytes, frozen);
        }
    }

    private double bytes(KafkaBroker broker, WorkDirectory folder) {
        Workload plays = Workload.load(broker, "bytes", 8, 8, events / 10, play -> true);
        BytesReadTrial trial = new BytesReadTrial(broker, plays, folder.path());
        long one = trial.bytesFor(1);
        long many = trial.bytesFor(ROUTES_OF_BYTES);
        System.err.printf("bytes sent to a job of 1 route: %,d, of %d: %,d%n", one, ROUTES_OF_BYTES, many);
        return (double) many / one;
    }

    private Race.Span span() {
        return report.quick()
                ? new Race.Span(0.6, Duration.ofSeconds(10), 0.95, Duration.ofSeconds(5))
                : new Race.Span(0.75, Duration.ofSeconds(60), 0.97, Duration.ofSeconds(10));
    }

    private Standings race(Race race, KafkaBroker broker) {
        System.err.printf("writing %,d events%n", events);
        Workload plays = Workload.load(broker, "plays", 8, 8, events, play -> true);
        List<Lane> lanes = routes.stream().map(count -> lane(count, plays)).toList();
        Standings standings = new Standings(lanes);
        for (int round = 1; round <= rounds; round++) {
            System.err.printf("round %d of %d%n", round, rounds);
            List<Lane> order = new ArrayList<>(lanes);
            Collections.shuffle(order, new Random(round));
            race.run(order).forEach((lane, throughput) -> {
                standings.add(lane, throughput);
                System.err.printf("  %s: %s%n", lane.name(), throughput.text());
            });
        }
        return standings;
    }

    private static Lane lane(int routes, Workload plays) {
        return Lane.of(name(routes), RoutesWithoutSinks.class, List.of(Integer.toString(routes)), plays)
                .withoutOutput();
    }

    private static String name(int routes) {
        return routes + (routes == 1 ? " route" : " routes");
    }

    private void publish(Findings findings) {
        Figures figures = new Figures();
        StringBuilder text = new StringBuilder();
        if (findings.cpu != null) {
            text.append(introduction()).append(table(findings.cpu));
            add(figures, findings.cpu);
        }
        if (!Double.isNaN(findings.bytesOverOne)) {
            figures.ratio("co-isolated bytes read/one job", findings.bytesOverOne);
        }
        if (findings.frozen != null) {
            text.append(System.lineSeparator()).append(table(findings.frozen));
            add(figures, findings.frozen);
        }
        if (findings.cpu == null) {
            report.publish("co-isolated", text.toString(), figures);
        } else {
            report.publish("co-isolated", text.toString(), figures, chart(findings.cpu));
        }
    }

    private String introduction() {
        return """
                %,d events of about 340 bytes in 8 partitions, parallelism 1, %d rounds. Of ten filters, six are equalities on one of three \
                fields, three conjunctions, and one is a range, a function or a list; no projections, and sinks that count.

                """.formatted(events, rounds);
    }

    private TextTable table(Standings standings) {
        TextTable table = TextTable.of(
                "one job of",
                "CPU µs per event",
                "of it for each route",
                "results per event",
                "events/s",
                "bytes allocated per event");
        for (int count : routes) {
            double cpu = standings.median(name(count), CPU);
            table.row(
                    name(count),
                    Standings.decimals(cpu),
                    Standings.decimals(cpu / count),
                    Standings.decimals(Filters.resultsPerEvent(Filters.of(count))),
                    Standings.whole(standings.median(name(count), Throughput::eventsPerSecond)),
                    Standings.whole(standings.median(name(count), Throughput::allocatedBytesPerEvent)));
        }
        return table;
    }

    private static TextTable table(FrozenSinkTrial.Outcome outcome) {
        return row(
                row(
                        TextTable.of("the other four sinks", "events/s of the load", "results/s", "p50 ms", "p99 ms"),
                        "while all are well",
                        outcome.well()),
                "while one is frozen",
                outcome.frozen());
    }

    private static TextTable row(TextTable table, String name, FrozenSinkTrial.Seen seen) {
        return table.row(
                name,
                Standings.whole(seen.eventsPerSecond()),
                Standings.whole(seen.resultsPerSecond()),
                Standings.whole(seen.p50Millis()),
                Standings.whole(seen.p99Millis()));
    }

    private void add(Figures figures, Standings standings) {
        routes.forEach(count -> figures.ratio("co-isolated cpu us " + count, standings.median(name(count), CPU)));
        standings.addRatio(figures, "co-isolated cpu 200/1", name(200), name(1), CPU);
    }

    private static void add(Figures figures, FrozenSinkTrial.Outcome outcome) {
        figures.ratio("co-isolated others p99 s", outcome.frozen().p99Millis() / 1e3);
        figures.ratio(
                "co-isolated others rate",
                outcome.frozen().resultsPerSecond() / outcome.well().resultsPerSecond());
    }

    private Chart chart(Standings standings) {
        return Chart.of("Processor time of one event, read once for all routes", "CPU µs per event")
                .series(
                        "one job",
                        routes.stream().map(CoIsolatedBenchmark::name).toList(),
                        routes.stream()
                                .map(count -> standings.median(name(count), CPU))
                                .toList());
    }
}
