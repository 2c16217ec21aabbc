package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.s3.S3Rule;
import io.millrace.testfixtures.server.ServerProcess;
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

/** While S3 is away, a shared job keeps what is to be written there, makes its checkpoints, and its other routes do not notice. */
public class SharedStoreOutagesIT {
    private static final int PART = 2_000;

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final S3Rule s3 = new S3Rule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final PlayEvents events = PlayEvents.seed(42).count(5 * PART);

    private String pipeline;
    private String plays;
    private String copies;
    private String deadLetters;
    private String bucket;
    private TcpRelay relay;
    private int parts;

    @Before
    public void submit() throws IOException {
        pipeline = flink.name("stores");
        plays = kafka.topic("plays", 2);
        copies = kafka.topic("copies", 2);
        deadLetters = kafka.topic("dead-letters");
        bucket = s3.bucket("lake");
        relay = TcpRelay.to(s3.server().port());
        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), spec());
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
    }

    @After
    public void closeRelay() {
        s3.server().process().resume();
        relay.close();
    }

    @Test
    public void theOtherRoutesDoNotNoticeAndEveryLineIsThereOnceAfterwards() {
        produce();
        awaitCopies();
        awaitObjects();

        relay.refuse();
        produce();
        awaitCheckpointsBeyondAWrite();
        awaitCopies();
        relay.accept();
        awaitObjects();

        s3.server().process().pause();
        produce();
        awaitCheckpointsBeyondAWrite();
        awaitCopies();
        s3.server().process().resume();
        awaitObjects();

        assertThat(kafka.broker().records(deadLetters), is(empty()));
        assertThat(flink.rest().restores(job().id()), is(0));
    }

    @Test
    public void losesNothingWhenTaskManagersDieMeanwhile() {
        produce();
        awaitObjects();

        relay.refuse();
        produce();
        awaitCheckpointsBeyondAWrite();
        killTaskManagers();
        produce();
        relay.accept();

        awaitObjects();
        assertThat(kafka.broker().records(deadLetters), is(empty()));
    }

    /** Objects are written ten seconds after their first line: so checkpoints, one a second, meet the write that hangs. */
    private void awaitCheckpointsBeyondAWrite() {
        flink.rest().awaitMoreCheckpoints(job().id(), 15);
    }

    private void killTaskManagers() {
        List<ServerProcess> killed = flink.cluster().taskManagerProcesses();
        killed.forEach(ServerProcess::kill);
        killed.forEach(process -> flink.cluster().startTaskManager());
    }

    private void produce() {
        kafka.broker().produce(events.stream(parts * PART, (parts + 1) * PART).map(event -> event.recordFor(plays)));
        parts++;
    }

    private void awaitCopies() {
        eventually("copies", () -> kafka.broker().records(copies), hasSize(parts * PART));
    }

    private void awaitObjects() {
        String[] expected = kafka.broker().records(plays).stream()
                .map(read -> new String(read.value(), UTF_8))
                .toArray(String[]::new);
        eventually("lines in objects", () -> lines().size(), is(expected.length));
        assertThat(lines(), containsInAnyOrder(expected));
    }

    private List<String> lines() {
        return s3.server().objects(bucket).entrySet().stream()
                .filter(object -> object.getKey().endsWith(".jsonl"))
                .flatMap(object -> new String(object.getValue(), UTF_8).lines())
                .toList();
    }

    private Job job() {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().equals(pipeline))
                .findFirst()
                .orElseThrow();
    }

    private Path spec() throws IOException {
        String text = """
                name: ${pipeline}
                isolation: shared
                source: {kafka: {bootstrapServers: "${servers}", topics: [${plays}]}}
                routes:
                  - name: copies
                    sink: {kafka: {bootstrapServers: "${servers}", topic: ${copies}}}
                  - name: objects
                    sink: {s3: {path: "s3://${bucket}/plays"}}
                s3: {region: us-east-1, endpoint: "${s3}"}
                deadLetters: {kafka: {bootstrapServers: "${servers}", topic: ${deadLetters}}}
                """.replace("${pipeline}", pipeline)
                .replace("${servers}", kafka.bootstrapServers())
                .replace("${plays}", plays)
                .replace("${copies}", copies)
                .replace("${bucket}", bucket)
                .replace("${s3}", relay.url())
                .replace("${deadLetters}", deadLetters);
        return Files.writeString(folder.newFile("spec.yaml").toPath(), text);
    }
}
