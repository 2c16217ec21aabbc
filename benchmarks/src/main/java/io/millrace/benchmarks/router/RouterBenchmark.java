package io.millrace.benchmarks.router;

import io.millrace.benchmarks.Report;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.server.WorkDirectory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "router", description = "The router beside native Flink.")
public final class RouterBenchmark implements Callable<Integer> {
    @Mixin
    private final Report report = new Report();

    @Option(names = "--only", split = ",")
    private List<String> only = Contender.names();

    @Option(names = "--parallelism", split = ",")
    private List<Integer> parallelism = List.of(1, 2);

    @Option(names = "--rounds")
    private int rounds = 5;

    @Option(names = "--events")
    private int events = 6_000_000;

    @Option(names = "--jvm")
    private List<String> jvm = List.of("-Xmx640m");

    @Override
    public Integer call() {
        try (WorkDirectory folder = WorkDirectory.create("router-benchmark");
                KafkaBroker broker = KafkaBroker.create().start();
                Race race = new Race(
                        broker,
                        folder.path(),
                        new Race.Span(0.4, Duration.ofSeconds(15), 0.95, Duration.ofSeconds(15)))) {
            Workload even = Workload.load(broker, "even", 8, 8, events);
            System.out.println("loaded " + even);
            for (int round = 0; round < rounds; round++) {
                for (int p : parallelism) {
                    for (String name : only) {
                        Throughput t = race.run(Contender.named(name), even, p, jvm);
                        System.out.printf(
                                "p%d %-18s cpu/event %.2f cpu/result %.2f events/s %.0f alloc/event %.0f%n",
                                p,
                                name,
                                t.cpuMicrosPerEvent(),
                                t.cpuMicrosPerResult(),
                                t.eventsPerSecond(),
                                t.allocatedBytesPerEvent());
                    }
                }
            }
        }
        return 0;
    }
}
