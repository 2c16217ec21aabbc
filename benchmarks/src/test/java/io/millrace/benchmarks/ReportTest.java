package io.millrace.benchmarks;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

public class ReportTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void printsOneFigureALine() {
        assertThat(figures().toString().lines().toList(), is(List.of("router cpu p1 = 0.97", "router p50 ms = 12")));
    }

    @Test
    public void keepsTheReportItsChartAndTheFigures() throws Exception {
        Path results = folder.getRoot().toPath().resolve("results");
        Path json = folder.getRoot().toPath().resolve("figures.json");
        Report report = new Report();
        new CommandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(report))
                .parseArgs("--json=" + json, "--results=" + results);

        report.publish(
                "router",
                "a table\n",
                figures(),
                Chart.of("Title", "CPU").series("p1", List.of("ours", "theirs"), List.of(1.0, 2.0)));

        assertThat(Files.readString(json).replaceAll("\\s", ""), is("{\"routercpup1\":0.97,\"routerp50ms\":12}"));
        String kept = Files.readString(results.resolve("router.md"));
        assertThat(kept, startsWith("# router, "));
        assertThat(kept, containsString(Machine.description()));
        assertThat(kept, containsString("a table\n\n```\nrouter cpu p1 = 0.97\n"));
        assertThat(Files.readString(results.resolve("router.svg")), containsString("<svg"));
    }

    @Test
    public void alignsATable() {
        TextTable table = TextTable.of("lane", "CPU").row("ours", "1.5").row("a longer one", "20");

        assertThat(
                table.toString().lines().toList(),
                is(List.of(
                        "| lane         | CPU |",
                        "|--------------|----:|",
                        "| ours         | 1.5 |",
                        "| a longer one |  20 |")));
    }

    private static Figures figures() {
        Figures figures = new Figures();
        figures.ratio("router cpu p1", 0.9712);
        figures.whole("router p50 ms", 11.7);
        return figures;
    }
}
