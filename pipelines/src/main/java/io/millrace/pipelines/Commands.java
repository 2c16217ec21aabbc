package io.millrace.pipelines;

import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.transforms.event.SystemClock;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The commands there are, and what becomes of their failures: a line for each problem, and an exit status. */
final class Commands {
    /** The run is done, or the job submitted. */
    static final int DONE = 0;

    /** Something failed while running. */
    static final int FAILED = 1;

    /** The spec or the options are wrong. */
    static final int WRONG = 2;

    private final Terminal terminal;

    private Commands(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the command that the first argument names, and gives the exit status. */
    static int execute(Terminal terminal, String... arguments) {
        return new Commands(terminal).commandLine().execute(arguments);
    }

    private CommandLine commandLine() {
        return new CommandLine(new MillraceCommand())
                .addSubcommand(new CommandLine(new RouterCommand(terminal))
                        .addSubcommand(new ExplainCommand(terminal))
                        .addSubcommand(new HandOverCommand(terminal)))
                .addSubcommand(new EnrichCommand(terminal))
                .addSubcommand(new CommandLine(new JoinCommand(terminal))
                        .addSubcommand(new JoinWhyCommand(terminal))
                        .addSubcommand(new JoinAdviseCommand(terminal)))
                .addSubcommand(new CommandLine(new ViewCommand(terminal))
                        .addSubcommand(new ViewFlushCommand(terminal))
                        .addSubcommand(new ViewPublishCommand(terminal))
                        .addSubcommand(new ViewGetCommand(terminal))
                        .addSubcommand(new ViewVerifyCommand(terminal)))
                .addSubcommand(new CommandLine(new RewindCommand())
                        .addSubcommand(new RewindListCommand(terminal))
                        .addSubcommand(new RewindPlanCommand(terminal))
                        .addSubcommand(new RewindRehearseCommand(terminal, SystemClock.utc()))
                        .addSubcommand(new RewindRunCommand(terminal))
                        .addSubcommand(new RewindUndoCommand(terminal))
                        .addSubcommand(new RewindWatchCommand(terminal, SystemClock.utc())))
                .addSubcommand(new CommandLine(new RestateCommand())
                        .addSubcommand(new RestatePlanCommand(terminal))
                        .addSubcommand(new RestateRunCommand(terminal))
                        .addSubcommand(new RestateDiffCommand(terminal))
                        .addSubcommand(new RestatePublishCommand(terminal)))
                .addSubcommand(new ValidateCommand(terminal))
                .addSubcommand(new ReplayCommand(terminal))
                .addSubcommand(new DeadLettersCommand(terminal))
                .addSubcommand(new AuditCommand(terminal))
                .addSubcommand(new CommandLine(new ScriptCommand())
                        .addSubcommand(new ScriptTestCommand(terminal, System.in, SystemClock.utc()))
                        .addSubcommand(new ScriptPublishCommand(terminal, SystemClock.utc()))
                        .addSubcommand(new ScriptHistoryCommand(terminal, SystemClock.utc())))
                .setOut(new PrintWriter(terminal.out(), true))
                .setErr(new PrintWriter(terminal.err(), true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setParameterExceptionHandler((problem, given) -> wrong(problem))
                .setExecutionExceptionHandler((failure, command, result) -> failed(failure));
    }

    private int wrong(ParameterException problem) {
        problems(problem).forEach(terminal.err()::println);
        String command = problem.getCommandLine().getCommandSpec().qualifiedName();
        terminal.err().println("--help says what there is: " + command.replaceFirst("^millrace ", "") + " --help");
        return WRONG;
    }

    private int failed(Exception failure) {
        if (failure instanceof WrongInput wrong) {
            wrong.problems().forEach(terminal.err()::println);
            return WRONG;
        }
        terminal.err()
                .println(failure instanceof FlinkClusterException ? failure.getMessage() : RootCause.line(failure));
        return FAILED;
    }

    private static List<String> problems(ParameterException problem) {
        if (problem instanceof MissingParameterException missing) {
            return missing.getMissing().stream().map(Commands::required).toList();
        }
        if (problem instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched().stream()
                    .map(word -> unknown(word, unmatched))
                    .toList();
        }
        return List.of(String.valueOf(problem.getMessage()));
    }

    private static String required(ArgSpec argument) {
        return (argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel()) + ": is required";
    }

    private static String unknown(String word, UnmatchedArgumentException unmatched) {
        String hint = unmatched.getSuggestions().stream()
                .findFirst()
                .map(suggestion -> ", did you mean " + suggestion + "?")
                .orElse("");
        return word + ": is not a command or option" + hint;
    }
}
