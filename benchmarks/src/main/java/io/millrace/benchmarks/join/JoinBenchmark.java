package io.millrace.benchmarks.join;

import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Report;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.Race;
import io.millrace.benchmarks.race.Standings;
import io.millrace.benchmarks.race.Throughput;
import io.millrace.benchmarks.race.Workload;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Joins of two streams.
 *
 * <p><i>Figures</i>: {@code join cpu/native heap} and {@code join cpu/native rocksdb} are the processor time for each joined record over that of a
 * job of Flink's own {@code KeyedCoProcessFunction} with the same algorithm; those that end with {@code by the book} over that of one with lists, as the manuals have it.
 */
@Command(
        name = "join",
        description =
                "Plays with the impressions that led to them, beside jobs of Flink's own function, with state on the heap and in RocksDB.",
        footerHeading = "%nExamples:%n",
        footer = {"  join --quick", "  join --json=figures.json --results=benchmarks/results"})
public final class JoinBenchmark implements Callable<Integer> {
    private static final int WAITING = 100_000;

    /** With RocksDB in it. */
    private static final String HEAP = "1g";

    @Mixin
    private final Report report = new Report();

    @Option(
            names = "--views",
            paramLabel = "N",
            description = "How many views of titles there are. Default 3,000,000, with --quick 1,000,000.")
    private int views;

    private final Figures figures = new Figures();
    private final List<String> text = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        try (WorkDirectory folder = WorkDirectory.create("join-benchmark");
                KafkaBroker broker = KafkaBroker.createForLoad().start()) {
            Workload workload = load(broker, views > 0 ? views : report.quick() ? 1_000_000 : 3_000_000);
            for (Backend backend : Backend.values()) {
                race(broker, folder, workload, backend);
            }
        }
        report.publish("join", String.join(System.lineSeparator(), text), figures);
        return 0;
    }

    private static Workload load(KafkaBroker broker, int views) {
        AtomicLong events = new AtomicLong();
        Views made = new Views("views", views, WAITING);
        broker.createTopic("views", 1);
        broker.produce(made.records().peek(view -> events.incrementAndGet()));
        return new Workload("views", events.get(), made.joined());
    }

    private void race(KafkaBroker broker, WorkDirectory folder, Workload workload, Backend backend) {
        List<String> arguments = List.of(backend.name());
        String on = backend.name().toLowerCase(Locale.ROOT);
        List<Lane> lanes = List.of(
                Lane.of("Millrace, " + on, JoinedByMillrace.class, arguments, workload)
                        .withHeap(HEAP),
                Lane.of("native Flink, " + on, PagedNativeJoin.class, arguments, workload)
                        .withHeap(HEAP),
                Lane.of("native Flink by the book, " + on, ListedNativeJoin.class, arguments, workload)
                        .withHeap(HEAP));
        Standings standings = new Standings(lanes);
        Race.Span span = new Race.Span(
                0.5, Duration.ofSeconds(report.quick() ? 30 : 60), 0.9, Duration.ofSeconds(report.quick() ? 10 : 20));
        try (Race race = new Race(broker, folder.path(), span)) {
            for (int round = 0; round < (report.quick() ? 1 : 3); round++) {
                race.run(lanes).forEach(standings::add);
            }
        }
        text.add(standings.table().toString());
        ratio(standings, "join cpu/native " + on, lanes.get(0), lanes.get(1));
        ratio(standings, "join cpu/native " + on + " by the book", lanes.get(0), lanes.get(2));
    }

    private void ratio(Standings standings, String figure, Lane ours, Lane natives) {
        standings.addRatio(figures, figure, ours.name(), natives.name(), Throughput::cpuMicrosPerResult);
    }
}
