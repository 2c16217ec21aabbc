package io.millrace.pipelines;

import java.io.PrintStream;
import java.time.Duration;

/**
 * Where a command writes.
 *
 * @param out for results: tables, figures, what the console sink shows
 * @param err for progress and problems
 * @param progressEvery how often progress is shown
 */
record Terminal(PrintStream out, PrintStream err, Duration progressEvery) {
    private static final Duration FOR_A_PERSON = Duration.ofSeconds(1);
    private static final Duration FOR_A_LOG = Duration.ofSeconds(10);

    /** The standard output and error of this process: progress once a second for a person, else every ten. */
    static Terminal ofThisProcess() {
        return new Terminal(System.out, System.err, System.console() == null ? FOR_A_LOG : FOR_A_PERSON);
    }
}
