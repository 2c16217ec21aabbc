package io.millrace.benchmarks.race;

import static com.google.common.base.Preconditions.checkState;

import io.millrace.pipelines.Millrace;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.server.ServerClassPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Submits specs to a cluster as a user does, by the command line in a process of its own. Needs the jar of {@code mvn package}. */
public final class ClusterJobs {
    private static final int LONGEST_COMMAND_SECONDS = 300;

    private final FlinkCluster cluster;
    private final Path log;

    /** On a cluster; what the command line says is in a file in a folder. */
    public ClusterJobs(FlinkCluster cluster, Path folder) {
        this.cluster = cluster;
        this.log = folder.resolve("submit.log");
    }

    /** Submits a spec by a command such as {@code router}. */
    public void submit(String command, Path spec, String... options) {
        List<String> words = new ArrayList<>(
                List.of(command, "--spec=" + spec, "--runner=flink", "--flinkMaster=" + cluster.master()));
        words.addAll(List.of(options));
        run(words.toArray(String[]::new));
    }

    /** Runs a command that has to succeed. */
    public void run(String... words) {
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ServerClassPath.of("benchmarks"),
                Millrace.class.getName()));
        all.addAll(List.of(words));
        execute(all);
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
            throw interrupted();
        }
    }

    /** Lets jobs work for a time. */
    public static void pass(Duration time) {
        try {
            boolean never = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted");
    }
}
