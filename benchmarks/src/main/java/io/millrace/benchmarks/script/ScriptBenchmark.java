package io.millrace.benchmarks.script;

import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Report;
import io.millrace.benchmarks.TextTable;
import io.millrace.benchmarks.expression.Shape;
import io.millrace.benchmarks.micro.Jmh;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * A filter and a map in JavaScript over events of 400 bytes, bytes in to bytes out, beside Java over a tree of Jackson's.
 *
 * <p><i>Figures</i>: {@code script cpu/java-tree} is the time of the script over that of Java, for the kind of document where that is
 * the most.
 */
@Command(name = "script", description = "Scripts, beside Java written by hand.")
public final class ScriptBenchmark implements Callable<Integer> {
    @Mixin
    private final Report report = new Report();

    private final TextTable table = TextTable.of("documents", "script, ns", "Java over a tree, ns", "ratio");

    @Override
    public Integer call() {
        Jmh jmh = report.quick() ? new Jmh(1, 5) : new Jmh(3, 15);
        double worst = 0;
        for (Shape shape : Shape.values()) {
            worst = Math.max(worst, measure(jmh, shape));
        }
        Figures figures = new Figures();
        figures.ratio("script cpu/java-tree", worst);
        report.publish("script", table.toString(), figures);
        return 0;
    }

    private double measure(Jmh jmh, Shape shape) {
        Jmh.Counts counts = jmh.measure(StepMeasurement.class, Map.of("shape", shape.name()));
        double ratio = counts.median("script", "tree");
        table.row(
                shape.name().toLowerCase(Locale.ROOT),
                format("%.0f", counts.median("script", "documents")),
                format("%.0f", counts.median("tree", "documents")),
                format("%.2f", ratio));
        return ratio;
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
