package io.millrace.benchmarks.race;

import static com.google.common.base.Preconditions.checkState;

import io.millrace.pipelines.Millrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands as a user does, each in a process of its own. */
public final class CommandLines {
    private static final String SCRIPT = script();
    private static final int LONGEST_COMMAND_SECONDS = 300;

    private final Path log;

    /** What commands say is in a file in a folder. */
    public CommandLines(Path folder) {
        this.log = folder.resolve("commands.log");
    }

    /** Runs a command to its end; it has to succeed. */
    public void run(String... words) {
        List<String> all = new ArrayList<>(List.of(SCRIPT));
        all.addAll(List.of(words));
        execute(all);
    }

    /** The script is beside the folder in which the pipelines were built. */
    private static String script() {
        try {
            Path built = Path.of(Millrace.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return built.resolve("../../millrace").normalize().toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the pipelines' class path entry is no path", e);
        }
    }

    private void execute(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            checkState(process.waitFor(LONGEST_COMMAND_SECONDS, TimeUnit.SECONDS), "a command must end, see %s", log);
            checkState(process.exitValue() == 0, "a command must succeed, but said: %s", Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
