package io.millrace.pipelines;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What stands before the commands: help alone. */
@Command(
        name = "millrace",
        synopsisSubcommandLabel = "COMMAND",
        description = "Runs streaming pipelines that are described in a spec.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  router --help",
            "  validate --spec=pipelines/samples/play-events.yaml",
            "  router --spec=pipelines/samples/play-events.yaml --runner=direct",
            "",
            "With Maven: mvn -q -pl pipelines -am compile exec:java -Dexec.args=\"COMMAND ...\"",
            "Exit status: 0 done, or submitted; 1 failed while running; 2 wrong spec or options."
        })
final class MillraceCommand implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help; after a command, that command's.")
    @SuppressWarnings("unused") // read by picocli
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "COMMAND: is required, one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
