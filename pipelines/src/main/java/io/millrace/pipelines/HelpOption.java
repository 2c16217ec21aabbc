package io.millrace.pipelines;

import picocli.CommandLine.Option;

/** The option of every command that says what the command does. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // read by picocli
    private boolean help;
}
