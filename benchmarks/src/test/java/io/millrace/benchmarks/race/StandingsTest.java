package io.millrace.benchmarks.race;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;

import io.millrace.benchmarks.Figures;
import java.util.List;
import org.junit.Test;

public class StandingsTest {
    private static final Workload PLAYS = new Workload("plays", 100, 25);
    private static final Lane OURS = Lane.of("ours", Work.class, List.of(), PLAYS);
    private static final Lane THEIRS = Lane.of("theirs", Work.class, List.of(), PLAYS);

    @Test
    public void givesTheMedianOfTheRounds() {
        Standings standings = new Standings(List.of(OURS));
        standings.add(OURS, cpu(3));
        standings.add(OURS, cpu(100));
        standings.add(OURS, cpu(2));

        assertThat(standings.median(OURS.name(), Throughput::cpuMicrosPerEvent), closeTo(3, 1e-9));
    }

    @Test
    public void comparesRoundByRound() {
        Standings standings = new Standings(List.of(OURS, THEIRS));
        List.of(1, 2, 30).forEach(cpu -> standings.add(OURS, cpu(cpu)));
        List.of(2, 4, 20).forEach(cpu -> standings.add(THEIRS, cpu(cpu)));
        Figures figures = new Figures();

        standings.addRatio(figures, "ratio", OURS.name(), THEIRS.name(), Throughput::cpuMicrosPerEvent);

        assertThat(figures.toString().trim(), is("ratio = 0.50"));
    }

    @Test
    public void leavesOutTheRatioOfWhatWasNotMeasured() {
        Figures figures = new Figures();

        new Standings(List.of(OURS))
                .addRatio(figures, "ratio", OURS.name(), THEIRS.name(), Throughput::eventsPerSecond);

        assertThat(figures.toString(), is(""));
    }

    @Test
    public void countsPerRecordBetweenTwoSamples() {
        Throughput throughput = Throughput.between(
                new Sample(1_000_000, 500, 9, 0), new Sample(3_000_000, 4_500, 9, 0), 100, 4, 2_000_000_000L);

        assertThat(throughput, is(new Throughput(5, 20, 200, 50, 10)));
    }

    @Test
    public void countsLatenciesByTheMillisecond() {
        Latency latency = new Latency();
        for (int millis = 1; millis <= 100; millis++) {
            latency.add(millis);
        }

        assertThat(latency.percentile(0.5), is(50));
        assertThat(latency.percentile(0.99), is(99));
        latency.clear();
        assertThat(latency.count(), is(0L));
    }

    private static Throughput cpu(double micros) {
        return new Throughput(micros, 4 * micros, 1e6 / micros, 25e4 / micros, 2_000);
    }
}
