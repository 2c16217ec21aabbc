package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Routers submitted to a cluster, and what they have written. */
final class ClusterRuns {
    private ClusterRuns() {}

    static CommandLineRun submit(FlinkCluster cluster, Path spec, String... options) {
        return CommandLineRun.of(arguments(cluster, spec, options).toArray(String[]::new));
    }

    static List<String> arguments(FlinkCluster cluster, Path spec, String... options) {
        return Stream.concat(
                        Stream.of(
                                "router",
                                "--spec=" + spec,
                                "--runner=flink",
                                "--flinkMaster=" + cluster.master(),
                                "--checkpointingInterval=1000"),
                        Stream.of(options))
                .toList();
    }

    static List<String> values(KafkaBroker broker, String topic) {
        return broker.records(topic).stream()
                .map(read -> new String(read.value(), UTF_8))
                .toList();
    }

    /** The lines of the objects in a folder; none while it is not there. */
    static List<String> lines(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .flatMap(ClusterRuns::linesOf)
                    .toList();
        }
    }

    private static Stream<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
