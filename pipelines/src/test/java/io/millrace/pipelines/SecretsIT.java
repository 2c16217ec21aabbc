package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.s3.S3Rule;
import io.millrace.testfixtures.s3.S3Server;
import io.millrace.testfixtures.server.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Secrets stay on the workers: searched for in all that a cluster writes and shows. */
public class SecretsIT {
    private static final String KAFKA_SECRET = "kafka-open-sesame";
    private static final String ELASTICSEARCH_SECRET = "elasticsearch-open-sesame";

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Rule
    public final S3Rule s3 = new S3Rule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void noSecretIsInACheckpointASavepointTheWebPagesALogOrADeadLetter() throws IOException {
        String plays = kafka.topic("plays");
        String deadLetters = kafka.topic("dead-letters");
        String index = elasticsearch.name("plays");
        String bucket = s3.bucket("lake");
        String name = flink.name("secrets");
        kafka.broker().produceTexts(plays, "{\"n\":1}", "{broken", "{\"n\":2}");

        CommandLineRun submitted = CommandLineRun.of(
                "router",
                "--spec=" + spec(name, plays, deadLetters, index, bucket),
                "--runner=flink",
                "--flinkMaster=" + flink.cluster().master(),
                "--checkpointingInterval=500");

        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        eventually("documents", () -> elasticsearch.node().documents(index), is(aMapWithSize(2)));
        eventually("objects", () -> s3.server().objects(bucket), is(not(aMapWithSize(0))));
        eventually("dead letters", () -> kafka.broker().records(deadLetters), hasSize(1));
        List<Job> jobs = flink.rest().jobs().stream()
                .filter(job -> job.name().startsWith(name))
                .toList();
        jobs.forEach(job -> flink.rest().awaitMoreCheckpoints(job.id(), 2));
        Map<String, String> shown = shown(jobs);
        jobs.forEach(job -> flink.rest().stopWithSavepoint(job.id()));
        // Flink removes old checkpoints while one looks at them.
        Map<String, String> written = eventually("files that stay", this::written, is(not(anEmptyMap())));

        assertThat(files(flink.cluster().savepoints()).size(), is(greaterThan(0)));
        assertThat(found(written, "${file:"), is(not(empty()))); // the search finds what is there
        for (String secret : secrets()) {
            assertThat(secret, found(written, secret), is(empty()));
            assertThat(secret, found(shown, secret), is(empty()));
            assertThat(
                    kafka.broker().records(deadLetters).stream()
                            .filter(read -> new String(read.value(), UTF_8).contains(secret))
                            .toList(),
                    is(empty()));
            assertThat(submitted.out() + submitted.err(), not(containsString(secret)));
        }
    }

    private static List<String> secrets() {
        return List.of(
                KAFKA_SECRET,
                ELASTICSEARCH_SECRET,
                Base64.getEncoder().encodeToString(("millrace:" + ELASTICSEARCH_SECRET).getBytes(UTF_8)),
                S3Server.SECRET_KEY);
    }

    /** What the web pages show of the jobs and of the cluster. */
    private Map<String, String> shown(List<Job> jobs) {
        Map<String, String> shown = new TreeMap<>();
        List<String> paths = new ArrayList<>(List.of("/jobmanager/config", "/jobmanager/environment", "/jars"));
        for (Job job : jobs) {
            paths.addAll(Stream.of("", "/config", "/plan", "/exceptions", "/checkpoints", "/jobmanager/config")
                    .map(page -> "/jobs/" + job.id() + page)
                    .toList());
        }
        paths.forEach(path -> shown.put(path, flink.rest().get(path).toString()));
        return shown;
    }

    /** What the cluster wrote: its checkpoints, savepoints and logs. */
    private Map<String, String> written() {
        return Stream.of(
                        files(flink.cluster().checkpoints()).stream(),
                        files(flink.cluster().savepoints()).stream(),
                        flink.cluster().taskManagerProcesses().stream().map(ServerProcess::log))
                .flatMap(files -> files)
                .collect(Collectors.toMap(Path::toString, SecretsIT::content, (one, other) -> one, TreeMap::new));
    }

    private static List<String> found(Map<String, String> texts, String secret) {
        return texts.entrySet().stream()
                .filter(text -> text.getValue().contains(secret))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<Path> files(Path below) {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path spec(String name, String plays, String deadLetters, String index, String bucket) throws IOException {
        String jaas = secretFile(
                "jaas",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"millrace\" password=\""
                        + KAFKA_SECRET + "\";");
        String text = """
                name: ${name}
                source:
                  kafka:
                    bootstrapServers: "${servers}"
                    topics: [${plays}]
                    properties: {sasl.jaas.config: "${jaas}"}
                routes:
                  - name: documents
                    filter: event.n > 0
                    sink:
                      elasticsearch: {url: "${elasticsearch}", index: ${index}, user: millrace, password: "${password}"}
                  - name: archive
                    sink: {s3: {path: "s3://${bucket}/archive"}}
                s3: {region: us-east-1, endpoint: "${s3}"}
                deadLetters:
                  kafka: {bootstrapServers: "${servers}", topic: ${deadLetters}, properties: {sasl.jaas.config: "${jaas}"}}
                """.replace("${name}", name)
                .replace("${servers}", kafka.bootstrapServers())
                .replace("${plays}", plays)
                .replace("${deadLetters}", deadLetters)
                .replace("${elasticsearch}", elasticsearch.node().url())
                .replace("${index}", index)
                .replace("${bucket}", bucket)
                .replace("${s3}", s3.server().endpoint())
                .replace("${jaas}", jaas)
                .replace("${password}", secretFile("password", ELASTICSEARCH_SECRET));
        return Files.writeString(folder.newFile("spec.yaml").toPath(), text);
    }

    /** A reference to a file that has a secret. */
    private String secretFile(String name, String secret) throws IOException {
        Path file = Files.writeString(folder.newFile(name).toPath(), secret);
        return "${file:" + file + "}";
    }
}
