package io.millrace.benchmarks.race;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The process of a contender: the class name of a {@link Work} and its arguments.
 *
 * <p>For each line of its standard input it prints what the process has used so far, a {@link Sample}; at the end of that input it
 * halts.
 */
final class ContenderMain {
    private static final int ORPHANED = 86;

    private ContenderMain() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err);
        Thread accounts = new Thread(() -> answer(out), "accounts");
        accounts.setDaemon(true);
        accounts.start();
        List<String> list = Arrays.asList(arguments);
        Class.forName(list.get(0))
                .asSubclass(Work.class)
                .getConstructor()
                .newInstance()
                .run(list.subList(1, list.size()));
    }

    private static void answer(PrintStream out) {
        try (BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (questions.readLine() != null) {
                out.println(Sample.ofThisProcess().text());
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Runtime.getRuntime().halt(ORPHANED);
        }
    }
}
