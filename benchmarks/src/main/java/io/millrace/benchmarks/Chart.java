package io.millrace.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars side by side, as SVG. */
public final class Chart {
    private final CategoryChart chart;

    private Chart(CategoryChart chart) {
        this.chart = chart;
    }

    /** A chart without bars. */
    public static Chart of(String title, String values) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(800)
                .height(420)
                .title(title)
                .yAxisTitle(values)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setDecimalPattern("#0.0");
        chart.getStyler().setAvailableSpaceFill(0.7);
        return new Chart(chart);
    }

    /** Adds a bar for each category. */
    public Chart series(String name, List<String> categories, List<Double> values) {
        chart.addSeries(name, categories, values);
        return this;
    }

    /** Writes it to a file, whose name ends in {@code .svg}. */
    public void write(Path file) {
        try {
            VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
