package io.millrace.benchmarks.view;

import static com.google.common.base.Preconditions.checkState;

import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Median;
import io.millrace.benchmarks.Report;
import io.millrace.benchmarks.TextTable;
import io.millrace.benchmarks.race.ClusterJobs;
import io.millrace.io.view.WriteView;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.flink.Memory;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.memcached.MemcachedNode;
import io.millrace.testfixtures.server.WorkDirectory;
import io.millrace.transforms.event.SystemClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A view of a million titles that is written to a memcached server.
 *
 * <p><i>Figures</i>: {@code view p99 beyond interval s} is how long after the view's interval of a second the slowest but 1 % of changes
 * are stored, at 5,000 changes a second; {@code view sets/client} the keys a second that {@code EvCacheView.write()} writes of events in memory, and
 * {@code view flush/client} those of a flush without limit, from state, over those of a loop over the client alone; {@code view live p99 full/usual} the 99th percentile of changes while a full publish of all titles is read and takes effect over that of
 * before; {@code view lost s/expected} how long a flush at a rate takes after the server was killed, over the number of keys by the rate.
 */
@Command(
        name = "view",
        description = {
            "latency: changes at 5,000 a second, until they are stored.",
            "sets: a writer of all keys in a job of its own, and a flush of all, beside a loop over the client alone, in turns.",
            "publish: a full publish of all keys beside changes; afterwards all keys are compared with what must be stored.",
            "lost: the server is killed and comes back empty; a flush at a rate, after which all keys are compared. Then one of a hundred is",
            "overwritten, and view verify --repair has to write those and no others.",
            "Needs the jar of mvn package.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  view --quick", "  view --parts=sets", "  view --json=figures.json --results=benchmarks/results"})
public final class ViewBenchmark implements Callable<Integer> {
    private static final double CHANGES_PER_SECOND = 5_000;
    private static final double FLUSH_RATE = 20_000;
    private static final double MOST = 1e9;
    private static final int SETS = 1_000_000;
    private static final double SHARE = 0.99;
    private static final int INTERVAL_MILLIS = 1_000;
    private static final double SECOND = 1_000;

    /** Longer than writers compare versions after a start. */
    private static final Duration WARM_UP = WriteView.GUARDED_FOR.plusSeconds(30);

    /** After the writing of a publish, which takes the machine from those that are measured. */
    private static final Duration CALM = Duration.ofSeconds(10);

    @Mixin
    private final Report report = new Report();

    /** What can be measured alone. */
    enum Part {
        LATENCY,
        SETS,
        PUBLISH,
        LOST;

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

    private final Figures figures = new Figures();
    private final List<String> text = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        try (WorkDirectory folder = WorkDirectory.create("view-benchmark");
                KafkaBroker broker = KafkaBroker.createForLoad().start();
                MemcachedNode memcached = MemcachedNode.createForLoad().start();
                FlinkCluster cluster =
                        FlinkCluster.of(1, 1, Memory.TWO_GIGABYTES).start();
                ViewTrial trial = new ViewTrial(broker, cluster, memcached, folder.path(), titles())) {
            trial.begin();
            if (parts.contains(Part.SETS)) {
                sets(trial);
            }
            if (parts.contains(Part.LATENCY) || parts.contains(Part.PUBLISH)) {
                changes(broker, trial);
            }
            if (parts.contains(Part.LOST)) {
                lost(trial);
            }
        }
        report.publish("view", String.join(System.lineSeparator(), text), figures);
        return 0;
    }

    private int titles() {
        return report.quick() ? 100_000 : 1_000_000;
    }

    private void sets(ViewTrial trial) throws IOException {
        List<Double> clients = new ArrayList<>();
        List<Double> writers = new ArrayList<>();
        List<Double> flushes = new ArrayList<>();
        TextTable table = TextTable.of("round", "client sets/s", "writer sets/s", "flush sets/s");
        int rounds = 5;
        for (int round = 0; round < rounds; round++) {
            double client = trial.client(SETS);
            double writer = WriterLane.setsPerSecond(trial.titles(), SETS, trial.store());
            double flush = trial.flush(MOST);
            table.row("" + (round + 1), "%,.0f".formatted(client), "%,.0f".formatted(writer), "%,.0f".formatted(flush));
            if (round > 0) {
                clients.add(client);
                writers.add(writer);
                flushes.add(flush);
            }
        }
        text.add(table.toString());
        figures.ratio("view sets/client", median(writers) / median(clients));
        figures.ratio("view flush/client", median(flushes) / median(clients));
        trial.awaitAllRight();
    }

    private static double median(List<Double> values) {
        return Median.of(values.stream().mapToDouble(Double::doubleValue));
    }

    private void changes(KafkaBroker broker, ViewTrial trial) {
        Duration counted = Duration.ofSeconds(report.quick() ? 20 : 60);
        try (Probe probe = new Probe(trial.zone())) {
            probe.start();
            int usual;
            try (ChangeLoad load =
                    new ChangeLoad(broker, ViewTrial.TOPIC, trial.titles(), probe, CHANGES_PER_SECOND).start()) {
                ClusterJobs.pass(WARM_UP);
                probe.percentileAndClear(SHARE);
                ClusterJobs.pass(counted);
                usual = row("usual", probe);
                figures.ratio("view p99 beyond interval s", (usual - INTERVAL_MILLIS) / SECOND);
                if (parts.contains(Part.PUBLISH)) {
                    publish(trial, probe, usual);
                }
            }
        }
        trial.awaitAllRight();
        text.add("All %,d keys are stored as they must be."
                .formatted(trial.titles().number()));
    }

    private int row(String what, Probe probe) {
        long count = probe.count();
        int millis = probe.percentileAndClear(SHARE);
        text.add("%s: 99 %% of %,d changes are stored within %,d ms; %,d are not yet"
                .formatted(what, count, millis, probe.waiting()));
        return millis;
    }

    private void publish(ViewTrial trial, Probe probe, int usual) {
        long version = SystemClock.utc().millis();
        trial.writePublish(version);
        ClusterJobs.pass(CALM);
        probe.percentileAndClear(SHARE);
        long begun = System.nanoTime();
        trial.publish();
        trial.awaitPublished(version);
        text.add("A full publish is stored %.0f s after its request".formatted((System.nanoTime() - begun) / 1e9));
        figures.ratio("view live p99 full/usual", (double) row("with a full publish", probe) / usual);
    }

    /** Of what is stored one of a hundred is overwritten; verify --repair has to write those, and no others. */
    private void repair(ViewTrial trial) {
        Set<Integer> corrupted = trial.corrupt();
        long[] before = trial.writes();
        long begun = System.nanoTime();
        trial.repair();
        double seconds = (System.nanoTime() - begun) / 1e9;
        long[] after = trial.writes();
        Set<Integer> rewritten = IntStream.range(0, before.length)
                .filter(title -> before[title] != after[title])
                .boxed()
                .collect(Collectors.toSet());
        checkState(
                rewritten.equals(corrupted),
                "those must be rewritten that were overwritten, but of %s there were %s",
                corrupted.size(),
                rewritten.size());
        trial.awaitAllRight();
        text.add("%,d keys were overwritten: verify --repair has written those and no others, within %.1f s"
                .formatted(corrupted.size(), seconds));
    }

    private void lost(ViewTrial trial) {
        trial.memcached().kill();
        trial.memcached().start();
        long begun = System.nanoTime();
        double rate = trial.flush(FLUSH_RATE);
        trial.awaitAllRight();
        double seconds = (System.nanoTime() - begun) / 1e9;
        double expected = trial.titles().number() / FLUSH_RATE;
        text.add("After a kill all keys are there again within %.1f s, flushed at %,.0f keys/s"
                .formatted(seconds, rate));
        figures.ratio("view lost s/expected", seconds / expected);
        repair(trial);
    }
}
