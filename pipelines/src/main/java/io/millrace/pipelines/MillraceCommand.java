package io.millrace.pipelines;

import picocli.CommandLine.Command;

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
final class MillraceCommand extends CommandGroup {}
