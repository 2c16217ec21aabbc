package io.millrace.benchmarks.race;

import io.millrace.testfixtures.flink.FlinkCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Submits specs to a cluster as a user does, by the command line in a process of its own. Needs the jar of {@code mvn package}. */
public final class ClusterJobs {
    private final FlinkCluster cluster;
    private final CommandLines commands;

    /** On a cluster; what the command line says is in a file in a folder. */
    public ClusterJobs(FlinkCluster cluster, Path folder) {
        this.cluster = cluster;
        this.commands = new CommandLines(folder);
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
        commands.run(words);
    }

    /** Lets jobs work for a time. */
    public static void pass(Duration time) {
        try {
            boolean never = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
