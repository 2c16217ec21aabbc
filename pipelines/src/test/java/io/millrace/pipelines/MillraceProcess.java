package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.waitUntil;

import io.millrace.testfixtures.server.ServerCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The command line in a process of its own. */
final class MillraceProcess {
    private MillraceProcess() {}

    /** Starts it in a folder, where its output goes to {@code out.txt} and {@code err.txt}. */
    static Process start(File folder, List<String> arguments) throws IOException {
        return new ProcessBuilder(command(arguments))
                .directory(folder)
                .redirectOutput(new File(folder, "out.txt"))
                .redirectError(new File(folder, "err.txt"))
                .start();
    }

    /** Starts it in a folder, and kills it (SIGKILL) when something has come to be. */
    static void killWhen(Callable<Boolean> hasCome, File folder, List<String> arguments) throws Exception {
        Process process = start(folder, arguments);
        try {
            waitUntil("it has come to where it is killed", hasCome);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The command that starts it, with the logs of the command line in the place of the tests'. */
    static List<String> command(List<String> arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>();
        command.add(java);
        command.addAll(ServerCommand.SMALL_JVM);
        command.addAll(List.of(
                "-Xmx512m", "-Dlogback.configurationFile=logback.xml", "-cp", classPath(), Millrace.class.getName()));
        command.addAll(arguments);
        return command;
    }

    /** The class path of the tests, by its parts. */
    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
