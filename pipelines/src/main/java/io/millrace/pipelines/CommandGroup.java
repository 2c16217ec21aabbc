package io.millrace.pipelines;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What stands before commands, and does nothing by itself but to say which there are. */
abstract class CommandGroup implements Runnable {
    @Mixin
    @SuppressWarnings("unused") // read by picocli
    private final HelpOption help = new HelpOption();

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
