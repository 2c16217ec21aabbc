package io.millrace.benchmarks.rewind;

import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Median;
import io.millrace.benchmarks.Report;
import io.millrace.benchmarks.race.CommandLines;
import io.millrace.testfixtures.server.WorkDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Catalogs of restore points.
 *
 * <p><i>Figures</i>: {@code rewind list 10k s} is how long {@code rewind list --all} takes of 10,000 points, each with its index, on a local disk, over
 * what the same command takes that shows its help: the start of a Java process.
 */
@Command(
        name = "rewind",
        description = {
            "list: a catalog of 10,000 points is listed, and the newest 20 of them, by a process of its own.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  rewind --json=figures.json --results=benchmarks/results"})
public final class RewindBenchmark implements Callable<Integer> {
    private static final int POINTS = 10_000;
    private static final long FIRST = 1_700_000_000_000L;
    private static final long APART_MILLIS = 10_000;
    private static final String JOB = "play-events";
    private static final String JOB_ID = "0123456789abcdef0123456789abcdef";
    private static final int ROUNDS = 5;

    @Mixin
    private final Report report = new Report();

    @Override
    public Integer call() throws IOException {
        Figures figures = new Figures();
        StringBuilder text = new StringBuilder();
        try (WorkDirectory folder = WorkDirectory.create("rewind-benchmark")) {
            Path catalogs = folder.folder("restore-points");
            write(folder.folder("savepoints"), catalogs.resolve(JOB));
            String catalog = "--catalog=" + catalogs.toUri();
            double[] starts = new double[ROUNDS];
            double[] all = new double[ROUNDS];
            double[] newest = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                starts[round] = seconds(folder.path(), "rewind", "list", "--help");
                all[round] = seconds(folder.path(), "rewind", "list", "--job=" + JOB, catalog, "--all");
                newest[round] = seconds(folder.path(), "rewind", "list", "--job=" + JOB, catalog);
            }
            double start = Median.of(DoubleStream.of(starts));
            text.append("A process that shows help: %.2f s; that lists %,d points: %.2f s; the newest 20: %.2f s%n"
                    .formatted(start, POINTS, Median.of(DoubleStream.of(all)), Median.of(DoubleStream.of(newest))));
            figures.ratio("rewind list 10k s", Median.of(DoubleStream.of(all)) - start);
        }
        report.publish("rewind", text.toString(), figures);
        return 0;
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
                            {"pointVersion":1,"jobId":"%s","id":%d,"kind":"savepoint","path":"%s","at":"%s","watermark":"%s",\
                            "offsets":{"plays":{"0":%d,"1":%d,"2":%d,"3":%d}},"bytes":1234567,"damages":[]}
                            """.formatted(
                            JOB_ID,
                            number,
                            savepoint.toUri(),
                            Instant.ofEpochMilli(at),
                            Instant.ofEpochMilli(at - APART_MILLIS),
                            number,
                            number,
                            number,
                            number));
        }
    }
}
