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
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many routes in one job: the processor time of a route more. */
@Command(
        name = "co-isolated",
        description = {
            "Jobs of one read for 1, 10, 50, 200 and 1000 routes, without sinks: the same events, the same broker, a process each.",
            "",
            "In each round the jobs take turns of a second, in another order than the round before, so that all meet the same"
                    + " machine; a value is the median of the rounds. Processor time is that of the job's whole process, by the"
                    + " operating system's accounts, once it is warm; the broker is a process of its own and is not counted.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  co-isolated --quick", "  co-isolated --json=figures.json --results=benchmarks/results"})
public final class CoIsolatedBenchmark implements Callable<Integer> {
    private static final ToDoubleFunction<Throughput> CPU = Throughput::cpuMicrosPerEvent;

    @Mixin
    private final Report report = new Report();

    @Option(
            names = "--routes",
            split = ",",
            paramLabel = "N",
            description = "How many routes the jobs have. Default 1,10,50,200,1000.")
    private List<Integer> routes = List.of(1, 10, 50, 200, 1_000);

    @Option(names = "--rounds", paramLabel = "N", description = "How many rounds. Default 5, or 1 with --quick.")
    private int rounds;

    @Option(names = "--events", paramLabel = "N", description = "How many. Default 20000000, or 4000000 with --quick.")
    private int events;

    @Override
    public Integer call() {
        rounds = rounds > 0 ? rounds : report.quick() ? 1 : 5;
        events = events > 0 ? events : report.quick() ? 4_000_000 : 20_000_000;
        Standings standings;
        try (WorkDirectory folder = WorkDirectory.create("co-isolated-benchmark");
                KafkaBroker broker = KafkaBroker.createForLoad().start();
                Race race = new Race(broker, folder.path(), span())) {
            standings = race(race, broker);
        }
        report.publish("co-isolated", introduction() + table(standings), figures(standings), chart(standings));
        return 0;
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
        return Lane.of(name(routes), SharedJob.OfFilters.class, List.of(Integer.toString(routes)), plays)
                .withoutOutput();
    }

    private static String name(int routes) {
        return routes + (routes == 1 ? " route" : " routes");
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

    private Figures figures(Standings standings) {
        Figures figures = new Figures();
        routes.forEach(count -> figures.ratio("co-isolated cpu us " + count, standings.median(name(count), CPU)));
        standings.addRatio(figures, "co-isolated cpu 200/1", name(200), name(1), CPU);
        return figures;
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
