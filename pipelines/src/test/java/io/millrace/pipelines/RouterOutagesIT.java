package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.s3.S3Rule;
import io.millrace.testfixtures.server.TcpRelay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** While one route's store is away, that route waits and the others do not notice; nothing becomes a dead letter. */
public class RouterOutagesIT {
    private static final int PART = 2_000;

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

    private final PlayEvents events = PlayEvents.seed(42).count(5 * PART);

    private String pipeline;
    private String plays;
    private String copies;
    private String deadLetters;
    private String index;
    private String bucket;
    private TcpRelay relay;

    @Before
    public void submitThreeRoutes() throws IOException {
        pipeline = flink.name("outages");
        plays = kafka.topic("plays", 2);
        copies = kafka.topic("copies", 2);
        deadLetters = kafka.topic("dead-letters");
        index = elasticsearch.name("plays");
        bucket = s3.bucket("lake");
        relay = TcpRelay.to(s3.server().port());
        CommandLineRun submitted = CommandLineRun.of(
                "router",
                "--spec=" + spec(),
                "--runner=flink",
                "--flinkMaster=" + flink.cluster().master(),
                "--checkpointingInterval=1000");
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
    }

    @After
    public void closeRelay() {
        relay.close();
    }

    @Test
    public void aRouteWaitsForItsStoreAndTheOthersDoNotNotice() {
        produce(0);
        awaitCopies(1);
        awaitDocuments(1);
        awaitObjects(1);

        elasticsearch.node().kill();
        produce(1);
        awaitCopies(2);
        awaitObjects(2);
        elasticsearch.node().start();
        awaitDocuments(2);

        relay.refuse();
        produce(2);
        awaitCopies(3);
        awaitDocuments(3);
        relay.accept();
        awaitObjects(3);

        relay.resetAfterEach(50_000);
        produce(3);
        awaitCopies(4);
        awaitDocuments(4);
        relay.accept();
        awaitObjects(4);

        s3.server().process().pause();
        produce(4);
        awaitCopies(5);
        awaitDocuments(5);
        s3.server().process().resume();
        awaitObjects(5);

        assertThat(kafka.broker().records(deadLetters), is(empty()));
        assertThat(restores("copies"), is(0));
    }

    private void produce(int part) {
        kafka.broker().produce(events.stream(part * PART, (part + 1) * PART).map(event -> event.recordFor(plays)));
    }

    private void awaitCopies(int parts) {
        eventually("copies", () -> kafka.broker().records(copies), hasSize(parts * PART));
    }

    private void awaitDocuments(int parts) {
        eventually("documents", () -> elasticsearch.node().documents(index), is(aMapWithSize(parts * PART)));
    }

    private void awaitObjects(int parts) {
        eventually("lines in objects", this::lines, is((long) parts * PART));
    }

    private long lines() {
        return s3.server().objects(bucket).entrySet().stream()
                .filter(object -> object.getKey().endsWith(".jsonl"))
                .mapToLong(
                        object -> new String(object.getValue(), UTF_8).lines().count())
                .sum();
    }

    private int restores(String route) {
        List<Job> jobs = flink.rest().jobs().stream()
                .filter(job -> job.name().equals(pipeline + "--" + route))
                .toList();
        return jobs.stream().mapToInt(job -> flink.rest().restores(job.id())).sum();
    }

    private Path spec() throws IOException {
        String text = """
                name: ${pipeline}
                source: {kafka: {bootstrapServers: "${servers}", topics: [${plays}]}}
                routes:
                  - name: copies
                    sink: {kafka: {bootstrapServers: "${servers}", topic: ${copies}}}
                  - name: documents
                    sink: {elasticsearch: {url: "${elasticsearch}", index: ${index}}}
                  - name: objects
                    sink: {s3: {path: "s3://${bucket}/plays"}}
                s3: {region: us-east-1, endpoint: "${s3}"}
                deadLetters: {kafka: {bootstrapServers: "${servers}", topic: ${deadLetters}}}
                """.replace("${pipeline}", pipeline)
                .replace("${servers}", kafka.bootstrapServers())
                .replace("${plays}", plays)
                .replace("${copies}", copies)
                .replace("${elasticsearch}", elasticsearch.node().url())
                .replace("${index}", index)
                .replace("${bucket}", bucket)
                .replace("${s3}", relay.url())
                .replace("${deadLetters}", deadLetters);
        return Files.writeString(folder.newFile("spec.yaml").toPath(), text);
    }
}
