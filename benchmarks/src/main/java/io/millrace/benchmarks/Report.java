package io.millrace.benchmarks;

import io.millrace.transforms.event.SystemClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every benchmark takes: how long it runs, and where its figures go. */
public final class Report {
    @Option(names = "--quick", description = "A short run for a first look; its figures are rough.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as one flat JSON object.")
    private @Nullable Path json;

    @Option(
            names = "--results",
            paramLabel = "FOLDER",
            description = "Keep the report, with date, commit and machine, and its charts in this folder.")
    private @Nullable Path results;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // read by picocli
    private boolean help;

    /** Whether a first look is enough. */
    public boolean quick() {
        return quick;
    }

    /** Prints a report and then its figures, and keeps what was asked for. */
    public void publish(String name, String text, Figures figures) {
        System.out.println(text);
        System.out.print(figures);
        System.out.flush();
        if (json != null) {
            write(json, figures.json());
        }
        if (results != null) {
            String heading = "# %s, %s%n%nCommit `%s`, on %s.%n%n"
                    .formatted(name, LocalDate.now(SystemClock.utc()), Machine.commit(), Machine.description());
            write(results.resolve(name + ".md"), heading + text + "\n```\n" + figures + "```\n");
        }
    }

    /** The same, with a chart. */
    public void publish(String name, String text, Figures figures, Chart chart) {
        publish(name, text, figures);
        if (results != null) {
            chart.write(results.resolve(name + ".svg"));
        }
    }

    private static void write(Path file, String text) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
