package io.millrace.benchmarks;

import io.millrace.benchmarks.coisolated.CoIsolatedBenchmark;
import io.millrace.benchmarks.enrich.EnrichBenchmark;
import io.millrace.benchmarks.expression.ExpressionBenchmark;
import io.millrace.benchmarks.join.JoinBenchmark;
import io.millrace.benchmarks.rewind.RewindBenchmark;
import io.millrace.benchmarks.router.RouterBenchmark;
import io.millrace.benchmarks.script.ScriptBenchmark;
import io.millrace.benchmarks.view.ViewBenchmark;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmarks: tables first, the figures last, one a line as {@code <figure> = <value>}. */
@Command(
        name = "benchmarks",
        synopsisSubcommandLabel = "BENCHMARK",
        description = "Measures what is claimed about speed. Leave the machine alone meanwhile.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  router --quick",
            "  router --json=figures.json",
            "  expression",
            "  co-isolated",
            "  script",
            "  enrich",
            "  join",
            "  view",
            "  rewind",
            "",
            "With Maven: mvn -q -pl benchmarks -am compile exec:java -Dexec.args=\"BENCHMARK ...\""
        })
public final class Benchmarks implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help; after a benchmark, that benchmark's.")
    @SuppressWarnings("unused") // read by picocli
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private Benchmarks() {}

    /** Runs the benchmark that the first argument names. */
    public static void main(String[] arguments) {
        int status = new CommandLine(new Benchmarks())
                .addSubcommand(new RouterBenchmark())
                .addSubcommand(new ExpressionBenchmark())
                .addSubcommand(new CoIsolatedBenchmark())
                .addSubcommand(new ScriptBenchmark())
                .addSubcommand(new EnrichBenchmark())
                .addSubcommand(new JoinBenchmark())
                .addSubcommand(new ViewBenchmark())
                .addSubcommand(new RewindBenchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .execute(arguments);
        System.exit(status);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "BENCHMARK: is required, one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
