package io.millrace.benchmarks.router;

import static io.millrace.benchmarks.router.Contender.MILLRACE;
import static io.millrace.benchmarks.router.Contender.NATIVE_STREAMING;
import static io.millrace.benchmarks.router.Contender.NATIVE_TREE;

import io.millrace.benchmarks.Chart;
import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Median;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The router beside what one would write without it: processor time, rate, allocation, latency. */
@Command(
        name = "router",
        description = {
            "The router of a spec beside native Flink jobs, a Beam pipeline as the documentation has it, and a loop of Kafka"
                    + " clients: the same events, the same broker, a process each.",
            "",
            "In each round the contenders take turns of a second, in another order than the round before, so that all meet the"
                    + " same machine; a value is the median of the rounds. Processor time is that of the contender's whole"
                    + " process, by the operating system's accounts, once it is warm; the broker is a process of its own and"
                    + " is not counted.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  router --quick", "  router --json=figures.json --results=benchmarks/results"})
public final class RouterBenchmark implements Callable<Integer> {
    private static final int[] PARALLELISMS = {1, 2};
    private static final String HOT = "millrace p1, 1 hot and 63 idle partitions";
    private static final String LARGE_HEAP = "millrace p2, heap of 2 GB";
    private static final int PARALLELISM_OF_LATENCY = 2;
    private static final int TURNS_OF_LATENCY = 3;

    private static final ToDoubleFunction<Throughput> CPU = Throughput::cpuMicrosPerEvent;
    private static final ToDoubleFunction<Throughput> RATE = Throughput::eventsPerSecond;
    private static final ToDoubleFunction<Throughput> ALLOCATION = Throughput::allocatedBytesPerEvent;

    @Mixin
    private final Report report = new Report();

    @Option(
            names = "--contenders",
            split = ",",
            paramLabel = "NAME",
            description = "Only these. Default kafka-clients,native-tree,native-streaming,naive-beam,millrace.")
    private List<String> contenders = Contender.names();

    @Option(names = "--rounds", paramLabel = "N", description = "How many rounds. Default 5, or 1 with --quick.")
    private int rounds;

    @Option(names = "--events", paramLabel = "N", description = "How many. Default 20000000, or 4000000 with --quick.")
    private int events;

    @Option(
            names = "--latencyAt",
            paramLabel = "N",
            description = "No race: only the latency, at so many events a second.")
    private int latencyAt;

    @Override
    public Integer call() {
        rounds = rounds > 0 ? rounds : report.quick() ? 1 : 5;
        events = events > 0 ? events : report.quick() ? 4_000_000 : 20_000_000;
        try (WorkDirectory folder = WorkDirectory.create("router-benchmark")) {
            if (latencyAt > 0) {
                publishLatency(latenciesOnNewBroker(folder, latencyAt));
                return 0;
            }
            Standings standings = raceOnBroker(folder);
            String atFullRate = RouterWork.name(MILLRACE, PARALLELISM_OF_LATENCY);
            publish(
                    standings,
                    standings.has(atFullRate)
                            ? latenciesOnNewBroker(folder, standings.median(atFullRate, RATE) / 2)
                            : Map.of());
        }
        return 0;
    }

    private Standings raceOnBroker(WorkDirectory folder) {
        try (KafkaBroker broker = KafkaBroker.createForLoad().start();
                Race race = new Race(broker, folder.path(), span())) {
            return race(race, lanes(broker));
        }
    }

    /** With a broker that the race has not left gigabytes to write and delete. */
    private Map<Contender, List<LatencyTrial.Outcome>> latenciesOnNewBroker(
            WorkDirectory folder, double eventsPerSecond) {
        try (KafkaBroker broker = KafkaBroker.createForLoad().start()) {
            return latencies(trial(broker, folder), eventsPerSecond);
        }
    }

    private Race.Span span() {
        return report.quick()
                ? new Race.Span(0.6, Duration.ofSeconds(10), 0.95, Duration.ofSeconds(5))
                : new Race.Span(0.75, Duration.ofSeconds(60), 0.97, Duration.ofSeconds(10));
    }

    private LatencyTrial trial(KafkaBroker broker, WorkDirectory folder) {
        return report.quick()
                ? new LatencyTrial(broker, folder.path(), Duration.ofSeconds(10), Duration.ofSeconds(10))
                : new LatencyTrial(broker, folder.path(), Duration.ofMinutes(2), Duration.ofSeconds(20));
    }

    /**
     * What is measured, in groups of what is compared with each other, which race each other.
     */
    private List<List<Lane>> lanes(KafkaBroker broker) {
        System.err.printf("writing %,d events%n", events);
        Workload even = Workload.load(broker, "even", 8, 8, events, Task::takes);
        List<List<Lane>> lanes = new ArrayList<>();
        for (int parallelism : PARALLELISMS) {
            List<Lane> compared = new ArrayList<>();
            for (String name : contenders) {
                compared.add(RouterWork.lane(Contender.named(name), even, parallelism));
            }
            lanes.add(compared);
        }
        if (contenders.contains(MILLRACE.text())) {
            Workload hot = Workload.load(broker, "hot", 64, 1, events, Task::takes);
            lanes.get(0).add(RouterWork.lane(MILLRACE, hot, 1).named(HOT));
            lanes.get(1)
                    .add(RouterWork.lane(MILLRACE, even, 2).named(LARGE_HEAP).withHeap("2g"));
        }
        return lanes;
    }

    private Standings race(Race race, List<List<Lane>> groups) {
        Standings standings =
                new Standings(groups.stream().flatMap(List::stream).toList());
        for (int round = 1; round <= rounds; round++) {
            Random random = new Random(round);
            for (List<Lane> group : shuffled(groups, random)) {
                System.err.printf("round %d of %d%n", round, rounds);
                race.run(shuffled(group, random)).forEach((lane, throughput) -> {
                    standings.add(lane, throughput);
                    System.err.printf("  %s: %s%n", lane.name(), throughput.text());
                });
            }
        }
        return standings;
    }

    private static <T> List<T> shuffled(List<T> things, Random random) {
        List<T> order = new ArrayList<>(things);
        Collections.shuffle(order, random);
        return order;
    }

    private Map<Contender, List<LatencyTrial.Outcome>> latencies(LatencyTrial trial, double eventsPerSecond) {
        Map<Contender, List<LatencyTrial.Outcome>> latencies = new LinkedHashMap<>();
        for (int turn = 0; turn < (report.quick() ? 1 : TURNS_OF_LATENCY); turn++) {
            for (Contender contender : List.of(NATIVE_TREE, MILLRACE)) {
                LatencyTrial.Outcome outcome = trial.run(contender, PARALLELISM_OF_LATENCY, eventsPerSecond);
                latencies.computeIfAbsent(contender, none -> new ArrayList<>()).add(outcome);
                System.err.printf("latency of %s: %s%n", contender.text(), outcome);
            }
        }
        return latencies;
    }

    private void publish(Standings standings, Map<Contender, List<LatencyTrial.Outcome>> latencies) {
        report.publish(
                "router",
                introduction() + standings.table() + System.lineSeparator() + table(latencies),
                figures(standings, latencies),
                chart(standings));
    }

    private void publishLatency(Map<Contender, List<LatencyTrial.Outcome>> latencies) {
        Figures figures = new Figures();
        addLatency(figures, latencies);
        report.publish(
                "router-latency",
                "%,d events a second, parallelism %d; the median of %d trials.%n%n%s"
                        .formatted(latencyAt, PARALLELISM_OF_LATENCY, TURNS_OF_LATENCY, table(latencies)),
                figures);
    }

    private static TextTable table(Map<Contender, List<LatencyTrial.Outcome>> latencies) {
        TextTable table = TextTable.of("latency under a steady load, p2", "p50 ms", "p99 ms", "events/s");
        latencies.forEach((contender, seen) -> table.row(
                contender.text(),
                Standings.whole(median(seen, LatencyTrial.Outcome::p50Millis)),
                Standings.whole(median(seen, LatencyTrial.Outcome::p99Millis)),
                Standings.whole(median(seen, LatencyTrial.Outcome::eventsPerSecond))));
        return table;
    }

    private static void addLatency(Figures figures, Map<Contender, List<LatencyTrial.Outcome>> latencies) {
        List<LatencyTrial.Outcome> ours = latencies.get(MILLRACE);
        if (ours != null) {
            figures.whole("router latency p50 ms", median(ours, LatencyTrial.Outcome::p50Millis));
            figures.whole("router latency p99 ms", median(ours, LatencyTrial.Outcome::p99Millis));
        }
    }

    private String introduction() {
        String lines = Stream.of(Contender.values())
                .map(contender -> "* `" + contender.text() + "`: " + contender.description() + "\n")
                .collect(Collectors.joining());
        return "%,d events of about 340 bytes in 8 partitions; filter `%s`, four fields kept; %d rounds; p1 and p2: parallelism.\n\n%s\n"
                .formatted(events, Task.FILTER, rounds, lines);
    }

    private static Figures figures(Standings standings, Map<Contender, List<LatencyTrial.Outcome>> latencies) {
        Figures figures = new Figures();
        for (int parallelism : PARALLELISMS) {
            String millrace = RouterWork.name(MILLRACE, parallelism);
            String tree = RouterWork.name(NATIVE_TREE, parallelism);
            String streaming = RouterWork.name(NATIVE_STREAMING, parallelism);
            String p = " p" + parallelism;
            standings.addRatio(figures, "router cpu/native-tree" + p, millrace, tree, CPU);
            standings.addRatio(figures, "router cpu/native-streaming" + p, millrace, streaming, CPU);
            standings.addRatio(figures, "router rate/native-tree" + p, millrace, tree, RATE);
        }
        addLatency(figures, latencies);
        standings.addRatio(figures, "router rate hot1-idle63/even8", HOT, RouterWork.name(MILLRACE, 1), RATE);
        standings.addRatio(figures, "router rate heap512m/heap2g", RouterWork.name(MILLRACE, 2), LARGE_HEAP, RATE);
        standings.addRatio(
                figures,
                "router alloc/native-tree",
                RouterWork.name(MILLRACE, 1),
                RouterWork.name(NATIVE_TREE, 1),
                ALLOCATION);
        return figures;
    }

    private static double median(List<LatencyTrial.Outcome> outcomes, ToDoubleFunction<LatencyTrial.Outcome> value) {
        return Median.of(outcomes.stream().mapToDouble(value));
    }

    private Chart chart(Standings standings) {
        Chart chart = Chart.of("Processor time of one event, Kafka to Kafka", "CPU µs per event");
        for (int parallelism : PARALLELISMS) {
            List<Double> values = contenders.stream()
                    .map(name -> standings.median(RouterWork.name(Contender.named(name), parallelism), CPU))
                    .toList();
            chart.series("parallelism " + parallelism, contenders, values);
        }
        return chart;
    }
}
