package io.millrace.benchmarks;

import java.nio.file.Path;
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

    /** Prints figures, and writes them to the file that was asked for. */
    public void figures(Figures figures) {
        System.out.print(figures);
        System.out.flush();
        if (json != null) {
            figures.writeJson(json);
        }
    }

    /** Where the report is kept; null if it is not. */
    public @Nullable Path results() {
        return results;
    }
}
