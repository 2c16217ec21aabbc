package io.millrace.benchmarks.router;

import io.millrace.pipelines.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ours: a spec and the command line, as a user has them, with the profile's own options and all metrics. */
final class RouterOfSpec {
    private RouterOfSpec() {}

    static void run(Task task) throws IOException {
        Path spec = Files.writeString(Files.createTempFile("router", ".yaml"), spec(task));
        Millrace.main(
                new String[] {"router", "--spec=" + spec, "--runner=flink-local", "--parallelism=" + task.parallelism()
                });
    }

    static String spec(Task task) {
        return """
                name: benchmark
                source:
                  kafka: {bootstrapServers: "%s", topics: [%s], start: earliest}
                routes:
                  - name: long-plays
                    filter: '%s'
                    project: %s
                    sink: {kafka: {bootstrapServers: "%s", topic: %s}}
                deadLetters:
                  console: {}
                """.formatted(
                        task.bootstrapServers(),
                        task.input(),
                        Task.FILTER,
                        Task.FIELDS,
                        task.bootstrapServers(),
                        task.output());
    }
}
