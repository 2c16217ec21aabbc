package io.millrace.pipelines;

/**
 * The command line: {@code <command> [options]} in, and an exit status out: 0 done, or submitted; 1 failed while running; 2 wrong spec
 * or options.
 */
public final class Millrace {
    private Millrace() {}

    /** Runs a command, and ends the process with its status. */
    public static void main(String[] arguments) {
        System.exit(Commands.execute(Terminal.ofThisProcess(), arguments));
    }
}
