package io.millrace.benchmarks.race;

import static java.util.Objects.requireNonNull;

import io.millrace.benchmarks.Figures;
import io.millrace.benchmarks.Median;
import io.millrace.benchmarks.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What every lane did, round by round. A value is the median over the rounds; a ratio is the median of the rounds' ratios. */
public final class Standings {
    private final Map<String, List<Throughput>> rounds = new LinkedHashMap<>();

    /** Standings of these lanes, in their order. */
    public Standings(List<Lane> lanes) {
        lanes.forEach(lane -> rounds.put(lane.name(), new ArrayList<>()));
    }

    /** What a lane did in a round. */
    public void add(Lane lane, Throughput throughput) {
        of(lane.name()).add(throughput);
    }

    /** Whether there is such a lane. */
    public boolean has(String lane) {
        return rounds.containsKey(lane);
    }

    /** The median over the rounds. */
    public double median(String lane, ToDoubleFunction<Throughput> value) {
        return Median.of(of(lane).stream().mapToDouble(value));
    }

    private double ratio(String lane, String other, ToDoubleFunction<Throughput> value) {
        List<Throughput> ones = of(lane);
        List<Throughput> others = of(other);
        return Median.of(IntStream.range(0, Math.min(ones.size(), others.size()))
                .mapToDouble(round -> value.applyAsDouble(ones.get(round)) / value.applyAsDouble(others.get(round))));
    }

    /** Adds the ratio of two lanes, if both were measured. */
    public void addRatio(
            Figures figures, String figure, String lane, String other, ToDoubleFunction<Throughput> value) {
        if (has(lane) && has(other)) {
            figures.ratio(figure, ratio(lane, other, value));
        }
    }

    private List<Throughput> of(String lane) {
        return requireNonNull(rounds.get(lane), lane);
    }

    /** All lanes, one a row. */
    public TextTable table() {
        TextTable table = TextTable.of(
                "lane", "CPU µs per event", "CPU µs per result", "events/s", "results/s", "bytes allocated per event");
        for (String lane : rounds.keySet()) {
            table.row(
                    lane,
                    decimals(median(lane, Throughput::cpuMicrosPerEvent)),
                    decimals(median(lane, Throughput::cpuMicrosPerResult)),
                    whole(median(lane, Throughput::eventsPerSecond)),
                    whole(median(lane, Throughput::resultsPerSecond)),
                    whole(median(lane, Throughput::allocatedBytesPerEvent)));
        }
        return table;
    }

    /** With two decimals. */
    public static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** Without decimals. */
    public static String whole(double value) {
        return String.format(Locale.ROOT, "%,d", Math.round(value));
    }
}
