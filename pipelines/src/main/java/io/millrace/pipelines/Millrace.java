package io.millrace.pipelines;

/** The command line: {@code <pipeline or tool> [options]}. Ends with 0 done, 1 failed while running, 2 wrong spec or options. */
public final class Millrace {
    private Millrace() {}

    /** Runs a command, and ends the process with its status. */
    public static void main(String[] arguments) {
        System.exit(Commands.execute(Terminal.ofThisProcess(), arguments));
    }
}
