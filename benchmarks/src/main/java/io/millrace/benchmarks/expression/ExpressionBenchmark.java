package io.millrace.benchmarks.expression;

import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Report;
import io.millrace.benchmarks.TextTable;
import io.millrace.benchmarks.micro.Jmh;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Filters of 1, 5 and 20 predicates and a projection over flat and nested documents of 200 B, 2 KB and 20 KB, beside Java that was
 * written by hand for each of these cases.
 *
 * <p><i>Figures</i>: {@code expression cpu/java} is the time of ours over that of the hand-written, in the case where that is the
 * most; {@code expression any-order cpu/java} the same for documents that have their fields in an order of their own each, which no
 * producer writes; {@code expression skip ns/byte} is what it costs to check and skip a byte of the largest documents.
 */
@Command(name = "expression", description = "Filters and projections over bytes, beside Java written by hand.")
public final class ExpressionBenchmark implements Callable<Integer> {
    private static final int LARGE = 20_000;

    @Mixin
    private final Report report = new Report();

    @Option(
            names = "--predicates",
            split = ",",
            description = "How many predicates the filters have. Default: ${DEFAULT-VALUE}")
    private List<Integer> predicates = List.of(1, 5, 20);

    @Option(names = "--bytes", split = ",", description = "How long the documents are. Default: ${DEFAULT-VALUE}")
    private List<Integer> bytes = List.of(200, 2_000, LARGE);

    private final TextTable table =
            TextTable.of("case", "ours, ns", "by hand, ns", "ratio", "ours, ns/byte", "skipping, ns/byte");

    private double skippingLarge;

    @Override
    public Integer call() throws IOException {
        Jmh jmh = report.quick() ? new Jmh(1, 5) : new Jmh(2, 10);
        double worst = 0;
        double worstInAnyOrder = 0;
        for (Shape shape : Shape.values()) {
            for (int size : bytes) {
                for (int count : predicates) {
                    worst = Math.max(worst, measure(jmh, new Case(count, shape, size, false)));
                }
            }
            Case inAnyOrder = new Case(Collections.max(predicates), shape, Collections.min(bytes), true);
            worstInAnyOrder = Math.max(worstInAnyOrder, measure(jmh, inAnyOrder));
        }
        Figures figures = new Figures();
        figures.ratio("expression cpu/java", worst);
        figures.ratio("expression any-order cpu/java", worstInAnyOrder);
        figures.ratio("expression skip ns/byte", skippingLarge);
        report.publish("expression", table.toString(), figures);
        return 0;
    }

    /** The ratio of ours to the hand-written. */
    private double measure(Jmh jmh, Case measured) {
        double length = Arrays.stream(JobMeasurement.documents(measured))
                .mapToInt(document -> document.length)
                .average()
                .orElseThrow();
        Jmh.Counts counts = jmh.measure(JobMeasurement.class, measured.parameters());
        double ours = counts.median("ours", "documents");
        double ratio = counts.median("ours", "byHand");
        double skipping = counts.median("skipping", "documents") / length;
        skippingLarge = measured.bytes() == Collections.max(bytes) ? Math.max(skippingLarge, skipping) : skippingLarge;
        System.err.printf(Locale.ROOT, "%s: %.2f%n", measured, ratio);
        table.row(
                measured.toString(),
                format("%.0f", ours),
                format("%.0f", counts.median("byHand", "documents")),
                format("%.2f", ratio),
                format("%.2f", ours / length),
                format("%.2f", skipping));
        return ratio;
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
