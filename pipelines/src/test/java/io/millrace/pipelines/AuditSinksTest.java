package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.events.Defect;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.s3.S3Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * What an audit says of Kafka, Elasticsearch and S3: of a run over play events, of which one in ten has a defect, as a plain oracle
 * has it; and after each thing that can happen to what the run left.
 */
public class AuditSinksTest {
    private static final int PARTITIONS = 4;

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Rule
    public final S3Rule s3 = new S3Rule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final PlayEvents events = PlayEvents.seed(7)
            .count(600)
            .profiles(80)
            .every(Duration.ofSeconds(1))
            .late(0.05)
            .with(EnumSet.complementOf(EnumSet.of(Defect.NONE)), 0.1)
            .oversized(0.01, 20_000);

    private String plays;
    private String longPlays;
    private String index;
    private String profiles;
    private String bucket;
    private PlayOracle oracle;

    @Before
    public void producePlays() throws Exception {
        plays = kafka.topic("plays", PARTITIONS);
        longPlays = kafka.topic("long-plays", 2);
        index = elasticsearch.name("everything");
        profiles = elasticsearch.name("profiles");
        bucket = s3.bucket("lake");
        kafka.broker().produce(events.stream().map(event -> event.recordFor(plays, event.position() % PARTITIONS)));
        String cluster = kafka.broker().admin().describeCluster().clusterId().get();
        oracle = new PlayOracle(events.list(), PARTITIONS, cluster + "/" + plays);
    }

    @Test
    public void aRunAsItWasIsClean() throws IOException {
        elasticsearch.node().createIndex(index, "{\"duration_s\": {\"type\": \"integer\"}}");
        run("router");

        for (String runner : List.of("direct", "flink-local")) {
            Audited audited = Audited.of(spec(), runner);

            assertThat(audited.run().err() + audited.run().out(), audited.status(), is(Commands.DONE));
            for (String route : List.of("long-plays", "everything", "archive")) {
                long held = oracle.delivered(route).size();
                long deadLettered = oracle.deadLetters(route).size();
                assertThat(
                        route,
                        audited.route(route),
                        is(Map.of("expected", held + deadLettered, "held", held, "deadLettered", deadLettered)));
            }
        }
    }

    private void run(String command, String... options) throws IOException {
        CommandLineRun run = CommandLineRun.of(Stream.concat(Stream.of(command, "--spec=" + spec()), Stream.of(options))
                .toArray(String[]::new));
        assertThat(run.err(), run.status(), is(Commands.DONE));
    }

    private Path spec() throws IOException {
        String text = """
                name: audited
                source:
                  kafka: {bootstrapServers: "${servers}", topics: [${plays}], stop: end}
                  eventTime: event.ts
                routes:
                  - name: long-plays
                    filter: event.duration_s > 60 && event.country in ["US", "CA"]
                    project: {profile_id: event.profile_id, minutes: event.duration_s / 60.0}
                    key: event.profile_id
                    sink: {kafka: {bootstrapServers: "${servers}", topic: ${longPlays}}}
                  - name: everything
                    sink: {elasticsearch: {url: "${elasticsearch}", index: ${index}, maxDocumentBytes: 10000}}
                  - name: archive
                    sink: {s3: {path: "s3://${bucket}/archive", window: PT1M, allowedLateness: PT3H, shards: 2, compression: gzip}}
                s3: {region: us-east-1, endpoint: "${s3}"}
                deadLetters: {s3: {path: "s3://${bucket}/dead-letters"}}
                """.replace("${servers}", kafka.bootstrapServers())
                .replace("${plays}", plays)
                .replace("${longPlays}", longPlays)
                .replace("${elasticsearch}", elasticsearch.node().url())
                .replace("${index}", index)
                .replace("${profiles}", profiles)
                .replace("${bucket}", bucket)
                .replace("${s3}", s3.server().endpoint());
        return Files.writeString(folder.getRoot().toPath().resolve("spec.yaml"), text);
    }
}
