package io.millrace.benchmarks.join;

import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Report;
import io.millrace.benchmarks.TextTable;
import io.millrace.benchmarks.join.WaitingTrial.Account;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.Race;
import io.millrace.benchmarks.race.Standings;
import io.millrace.benchmarks.race.Throughput;
import io.millrace.benchmarks.race.Workload;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.flink.Memory;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.IOException;
import java.nio.file.Path;
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
 * {@code join state overhead bytes} is what an impression takes beyond the first of its key, without what is kept of it, and {@code … of a
 * key} what a key takes, without that and itself; {@code join rate 10M/100k} is the rate while ten million keys wait over that while a hundred
 * thousand do (a million with {@code --quick}), and {@code join checkpoint 10M s} how long a checkpoint takes then.
 */
@Command(
        name = "join",
        description = {
            "cpu: plays with the impressions that led to them, beside jobs of Flink's own function, with state on the heap and in RocksDB.",
            "state: how much is kept of impressions that wait, by the size of savepoints. Needs the jar of mvn package, as keys does.",
            "keys: the rate of a job in a TaskManager of 2 GB while ten million keys wait, and while a hundred thousand do.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  join --quick", "  join --parts=state", "  join --json=figures.json --results=benchmarks/results"})
public final class JoinBenchmark implements Callable<Integer> {
    private static final int WAITING = 100_000;
    private static final int MANY_WAITING = 10_000_000;
    private static final int KEYS_OF_STATE = 50_000;
    private static final int IMPRESSIONS_OF_STATE = 5;

    /** A key is in the map of pages and among what is due. */
    private static final int PLACES_OF_A_KEY = 2;

    /** With RocksDB in it. */
    private static final String HEAP = "1g";

    @Mixin
    private final Report report = new Report();

    /** What can be measured alone. */
    enum Part {
        CPU,
        STATE,
        KEYS;

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
            if (parts.contains(Part.CPU)) {
                cpu(broker, folder);
            }
            if (parts.contains(Part.STATE)) {
                state(broker, folder.path());
            }
            if (parts.contains(Part.KEYS)) {
                keys(broker, folder.path());
            }
        }
        report.publish("join", String.join(System.lineSeparator(), text), figures);
        return 0;
    }

    private void cpu(KafkaBroker broker, WorkDirectory folder) {
        Workload workload = load(broker, views > 0 ? views : report.quick() ? 1_000_000 : 3_000_000);
        for (Backend backend : Backend.values()) {
            race(broker, folder, workload, backend);
        }
    }

    private void state(KafkaBroker broker, Path folder) {
        try (FlinkCluster cluster = FlinkCluster.of(1, 1).start()) {
            WaitingTrial trial = new WaitingTrial(broker, cluster, folder);
            long ofKeys = trial.stateBytes(KEYS_OF_STATE, 1);
            long ofTwiceAsMany = trial.stateBytes(2 * KEYS_OF_STATE, 1);
            long ofMore = trial.stateBytes(KEYS_OF_STATE, IMPRESSIONS_OF_STATE);
            double ofAKey = (double) (ofTwiceAsMany - ofKeys) / KEYS_OF_STATE;
            double ofAnother = (double) (ofMore - ofKeys) / (KEYS_OF_STATE * (IMPRESSIONS_OF_STATE - 1L));
            figures.ratio("join state overhead bytes", ofAnother - WaitingTrial.payload());
            figures.ratio(
                    "join state overhead bytes of a key",
                    ofAKey - WaitingTrial.payload() - PLACES_OF_A_KEY * WaitingTrial.keyBytes());
            text.add(
                    "An impression of %d bytes beyond the first of its key takes %.1f bytes of a savepoint, a key of %d bytes with one impression %.1f."
                            .formatted(WaitingTrial.payload(), ofAnother, WaitingTrial.keyBytes(), ofAKey));
        }
    }

    private void keys(KafkaBroker broker, Path folder) {
        int many = report.quick() ? MANY_WAITING / 10 : MANY_WAITING;
        Duration counted = Duration.ofSeconds(report.quick() ? 20 : 60);
        int coming = report.quick() ? 2_000_000 : 5_000_000;
        TextTable table = TextTable.of("keys that wait", "events/s", "state MB", "checkpoint MB", "checkpoint s");
        try (FlinkCluster cluster = FlinkCluster.of(1, 1, Memory.TWO_GIGABYTES).start()) {
            WaitingTrial trial = new WaitingTrial(broker, cluster, folder);
            Account few = trial.rate(WAITING, coming, counted);
            Account waiting = trial.rate(many, coming, counted);
            row(WAITING, few, table);
            row(many, waiting, table);
            figures.ratio("join rate 10M/100k", waiting.eventsPerSecond() / few.eventsPerSecond());
            figures.ratio("join checkpoint 10M s", waiting.checkpointSeconds());
        }
        text.add(table.toString());
    }

    private static void row(int keys, Account account, TextTable table) {
        table.row(
                "%,d".formatted(keys),
                "%,.0f".formatted(account.eventsPerSecond()),
                "%,.0f".formatted(account.stateBytes() / 1e6),
                "%,.0f".formatted(account.checkpointBytes() / 1e6),
                "%.1f".formatted(account.checkpointSeconds()));
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
