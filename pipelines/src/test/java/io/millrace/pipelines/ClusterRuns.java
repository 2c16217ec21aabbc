package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.runnerprofiles.StateFolder;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.server.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Routers submitted to a cluster, and what they have written. */
final class ClusterRuns {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ClusterRuns() {}

    static CommandLineRun submit(FlinkCluster cluster, Path spec, String... options) {
        return CommandLineRun.of(arguments(cluster, spec, options).toArray(String[]::new));
    }

    /** Submits a job that keeps its state in RocksDB, and its checkpoints in a folder. */
    static void submitWithRocksDb(FlinkCluster cluster, Path spec, Path state, String... options) {
        CommandLineRun run = submit(
                cluster,
                spec,
                Stream.concat(
                                Stream.of(options),
                                Stream.of("--stateBackend=rocksdb", "--stateBackendStoragePath=" + state.toUri()))
                        .toArray(String[]::new));
        assertThat(run.err(), run.status(), is(Commands.DONE));
    }

    /** The job of a name that goes on. */
    static Job job(FlinkRule flink, String name) {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().equals(name) && !job.hasEnded())
                .findFirst()
                .orElseThrow();
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

    /** Kills all processes that jobs run in, starts others, and waits until a job goes on. */
    static void killTaskManagers(FlinkRule flink, String job) {
        int restores = flink.rest().restores(job);
        List<ServerProcess> killed = flink.cluster().taskManagerProcesses();
        killed.forEach(ServerProcess::kill);
        killed.forEach(process -> flink.cluster().startTaskManager());
        eventually("restores", () -> flink.rest().restores(job), greaterThan(restores));
        flink.rest().awaitTasksRunning(job);
    }

    /** A restore point of a job, made now, which lasts. */
    static RestorePoint scheduledPoint(FlinkRule flink, String job) {
        return scheduledPoint(flink, job, "PT1H");
    }

    /** The same, unless one was made within a time. */
    static RestorePoint scheduledPoint(FlinkRule flink, String job, String within) {
        CommandLineRun watch = CommandLineRun.of(
                "rewind",
                "watch",
                "--once",
                "--job=" + job,
                "--savepointEvery=" + within,
                "--flinkMaster=" + flink.cluster().master());
        assertThat(watch.err(), watch.status(), is(Commands.DONE));
        return catalog(flink, job).all().stream()
                .filter(point -> point.kind() == Kind.SCHEDULED)
                .findFirst()
                .orElseThrow();
    }

    /** The catalog of a job. */
    static Catalog catalog(FlinkRule flink, String job) {
        String checkpoints = flink.cluster().checkpoints().toUri().toString();
        return Catalog.of(job, StateFolder.at(checkpoints).folder(Catalog.FOLDER));
    }

    /** Ends each partition of a topic by a record at the stop's time, which is not read itself. */
    static void produceStop(KafkaBroker broker, String topic, int partitions, Instant stop) {
        broker.produce(IntStream.range(0, partitions)
                .mapToObj(partition -> new ProducerRecord<>(
                        topic, partition, stop.toEpochMilli(), new byte[0], "stop".getBytes(UTF_8))));
    }

    /** The name of a topic as a stream. */
    static String stream(KafkaBroker broker, String topic) {
        try {
            return broker.admin().describeCluster().clusterId().get() + "/" + topic;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Documents by identity; what was written again after a failure must be the same. */
    static Map<String, JsonNode> byIdentity(KafkaBroker broker, String topic) throws IOException {
        Map<String, JsonNode> results = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : broker.records(topic)) {
            String id = new String(record.headers().lastHeader("millrace-id").value(), UTF_8);
            JsonNode document = JSON.readTree(record.value());
            JsonNode before = results.put(id, document);
            assertThat(id, before == null ? document : before, is(document));
        }
        return results;
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
