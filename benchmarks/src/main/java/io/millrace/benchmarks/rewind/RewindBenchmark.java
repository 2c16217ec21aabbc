package io.millrace.benchmarks.rewind;

import static java.util.stream.Collectors.joining;

import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Median;
import io.millrace.benchmarks.Report;
import io.millrace.benchmarks.TextTable;
import io.millrace.benchmarks.race.ClusterJobs;
import io.millrace.benchmarks.race.CommandLines;
import io.millrace.benchmarks.race.PacedLoad;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.flink.Memory;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Jobs that are taken back to restore points, and catalogs of these.
 *
 * <p><i>Figures</i>: {@code rewind downtime s} is how long no result comes between the last of the job that is stopped and the first of the one that begins, of a
 * router at 1,000 events a second. {@code rewind replay/router} is the results a second that a router writes which was taken back, over those of the same router that begins afresh with the same
 * topic, each from its first result to nearly the last, in turns; {@code rewind replay/event time} the events a second that it reads then, over the 1,000 a second at which they came.
 * {@code rewind plan s} is how long {@code rewind plan} takes of a job that has nothing to do, and {@code rewind list 10k s} how long {@code rewind list} takes that shows the newest 20 of 10,000 points on a local disk,
 * {@code rewind list --all 10k s} one that shows all of them; these three over what the same process takes that shows its help.
 */
@Command(
        name = "rewind",
        description = {
            "list: a catalog of 10,000 points is listed, and the newest 20 of them, by a process of its own.",
            "downtime: a router at 1,000 events a second is taken back again and again.",
            "replay: a router is taken back to the beginning of a topic, beside one that begins there afresh, in turns.",
            "The last two need the jar of mvn package.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  rewind --quick",
            "  rewind --parts=list",
            "  rewind --json=figures.json --results=benchmarks/results"
        })
public final class RewindBenchmark implements Callable<Integer> {
    private static final int POINTS = 10_000;
    private static final long FIRST = 1_700_000_000_000L;
    private static final long APART_MILLIS = 10_000;
    private static final String JOB = "play-events";
    private static final String JOB_ID = "0123456789abcdef0123456789abcdef";
    private static final int ROUNDS = 5;
    private static final double EVENTS_PER_SECOND = 1_000;
    private static final Duration BETWEEN_REWINDS = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Mixin
    private final Report report = new Report();

    /** What can be measured alone. */
    enum Part {
        LIST,
        DOWNTIME,
        REPLAY;

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
        try (WorkDirectory folder = WorkDirectory.create("rewind-benchmark")) {
            if (parts.contains(Part.LIST)) {
                list(folder);
            }
            if (parts.contains(Part.DOWNTIME) || parts.contains(Part.REPLAY)) {
                jobs(folder.path());
            }
        }
        report.publish("rewind", String.join(System.lineSeparator(), text), figures);
        return 0;
    }

    private void list(WorkDirectory folder) throws IOException {
        Path catalogs = folder.folder("restore-points");
        write(folder.folder("savepoints"), catalogs.resolve(JOB));
        String catalog = "--catalog=" + catalogs.toUri();
        double[] starts = new double[ROUNDS];
        double[] all = new double[ROUNDS];
        double[] newest = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            starts[round] = start(folder.path());
            all[round] = seconds(folder.path(), "rewind", "list", "--job=" + JOB, catalog, "--all");
            newest[round] = seconds(folder.path(), "rewind", "list", "--job=" + JOB, catalog);
        }
        double start = Median.of(DoubleStream.of(starts));
        text.add(
                "A process that shows help: %.2f s; that lists the newest 20 of %,d points: %.2f s; all of them: %.2f s"
                        .formatted(start, POINTS, Median.of(DoubleStream.of(newest)), Median.of(DoubleStream.of(all))));
        figures.ratio("rewind list 10k s", Median.of(DoubleStream.of(newest)) - start);
        figures.ratio("rewind list --all 10k s", Median.of(DoubleStream.of(all)) - start);
    }

    private static double start(Path folder) {
        return seconds(folder, "rewind", "list", "--help");
    }

    private void jobs(Path folder) throws IOException {
        try (KafkaBroker broker = KafkaBroker.createForLoad().start();
                FlinkCluster cluster =
                        FlinkCluster.of(1, 2, Memory.TWO_GIGABYTES).start()) {
            if (parts.contains(Part.DOWNTIME)) {
                downtime(new RewindTrial(broker, cluster, folder, "downtime"), folder);
            }
            if (parts.contains(Part.REPLAY)) {
                replay(new RewindTrial(broker, cluster, folder, "replay"));
            }
        }
    }

    private void downtime(RewindTrial trial, Path folder) throws IOException {
        int rounds = report.quick() ? 2 : ROUNDS;
        double[] downtimes = new double[rounds];
        double[] plans = new double[rounds];
        double[] starts = new double[rounds];
        trial.fill(2);
        RestorePoint point = trial.begin();
        for (int round = 0; round < rounds; round++) {
            starts[round] = start(folder);
            plans[round] = trial.planSeconds(point);
        }
        try (PacedLoad load = trial.load();
                EpochProbe probe = trial.probe()) {
            load.goOn(EVENTS_PER_SECOND);
            Eventually.within(PATIENCE).until("a first result", () -> probe.has(0));
            for (int round = 1; round <= rounds; round++) {
                ClusterJobs.pass(BETWEEN_REWINDS);
                trial.rewind(point, round);
                long epoch = round;
                Eventually.within(PATIENCE).until("results of epoch " + epoch, () -> probe.has(epoch));
                downtimes[round - 1] = probe.secondsBefore(epoch);
            }
        }
        trial.end();
        text.add("Seconds without a result while a job is taken back: "
                + DoubleStream.of(downtimes).mapToObj("%.1f"::formatted).collect(joining(", ")));
        figures.ratio("rewind downtime s", Median.of(DoubleStream.of(downtimes)));
        figures.ratio("rewind plan s", Median.of(DoubleStream.of(plans)) - Median.of(DoubleStream.of(starts)));
    }

    private void replay(RewindTrial trial) throws IOException {
        int rounds = report.quick() ? 1 : 3;
        int events = report.quick() ? 1_000_000 : 5_000_000;
        trial.fill(2);
        RestorePoint point = trial.begin();
        long results = trial.fill(events);
        double[] replayed = new double[rounds];
        double[] fresh = new double[rounds];
        TextTable table = TextTable.of("round", "replayed results/s", "fresh results/s");
        for (int round = 1; round <= rounds; round++) {
            replayed[round - 1] = trial.rewindRate(point, round, results);
            fresh[round - 1] = trial.freshRate(round, results);
            table.row("" + round, "%,.0f".formatted(replayed[round - 1]), "%,.0f".formatted(fresh[round - 1]));
        }
        trial.end();
        text.add(table.toString());
        double rate = Median.of(DoubleStream.of(replayed));
        figures.ratio("rewind replay/router", rate / Median.of(DoubleStream.of(fresh)));
        figures.ratio("rewind replay/event time", rate * events / results / EVENTS_PER_SECOND);
    }

    private static double seconds(Path folder, String... words) {
        long begun = System.nanoTime();
        new CommandLines(folder).run(words);
        return (System.nanoTime() - begun) / 1e9;
    }

    /** Points with an index each, in which nothing is read by a list. */
    private static void write(Path savepoints, Path catalog) throws IOException {
        Path points = Files.createDirectories(catalog.resolve("points"));
        Files.writeString(
                Files.createDirectories(catalog.resolve("jobs")).resolve(JOB_ID + ".json"),
                "{\"jobVersion\":1,\"id\":\"" + JOB_ID
                        + "\",\"startedAt\":\"2026-11-27T09:00:00Z\",\"flinkVersion\":\"1.19.3\",\"shown\":{}}");
        for (int number : IntStream.range(0, POINTS).toArray()) {
            long at = FIRST + number * APART_MILLIS;
            Path savepoint = Files.createDirectories(savepoints.resolve("savepoint-" + number));
            Files.write(savepoint.resolve("_metadata"), new byte[10]);
            Files.writeString(points.resolve("%013d-%s-%d.json".formatted(at, JOB_ID, number)), """
                            {"pointVersion":2,"jobId":"%s","id":%d,"kind":"savepoint","path":"%s","atMillis":%d,"watermarkMillis":%d,\
                            "offsets":{"plays":{"0":%d,"1":%d,"2":%d,"3":%d}},"bytes":1234567,"damages":[]}
                            """.formatted(
                            JOB_ID, number, savepoint.toUri(), at, at - APART_MILLIS, number, number, number, number));
        }
    }
}
