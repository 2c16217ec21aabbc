package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What becomes of changelogs, and of what they have made, when a job is upgraded. */
public class ChangelogUpgradesIT {
    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String name;
    private String plays;
    private String kept;

    @Before
    public void name() {
        name = flink.name("changelogs");
        plays = kafka.topic("plays");
        kept = kafka.topic("kept");
    }

    /** A source that is read slowly, and changelogs of the same topic, which are far ahead of it. */
    @Test
    public void theOffsetsOfTheSourceAreThoseThatTheSourceHasReached() throws IOException {
        List<String> events = produce(60);
        Path spec = spec("  maxEventsPerSecond: 1\n", lookup("a"), lookup("b"), lookup("c"));
        assertThat(submit(spec).status(), is(Commands.DONE));
        flink.rest().awaitMoreCheckpoints(job().id(), 2);

        spec("", lookup("a"), lookup("b"), lookup("c"));
        CommandLineRun upgraded = submit(spec, "--upgrade", "--source=offsets");

        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        eventually(
                "kept",
                () -> ClusterRuns.values(kafka.broker(), kept).stream()
                        .distinct()
                        .sorted()
                        .toList(),
                is(events.stream().sorted().toList()));
    }

    private List<String> produce(int count) {
        List<String> events = IntStream.range(0, count)
                .mapToObj(number -> "{\"n\":" + number + "}")
                .toList();
        kafka.broker()
                .produce(events.stream()
                        .map(event ->
                                new ProducerRecord<>(plays, 0, null, event.getBytes(UTF_8), event.getBytes(UTF_8))));
        return events;
    }

    private String lookup(String into) {
        return """
              - into: %s
                key: string(event.n)
                changelog:
                  kafka: {bootstrapServers: "%s", topic: %s}
                  idleAfter: PT1S
        """.indent(2).formatted(into, kafka.bootstrapServers(), plays);
    }

    private Path spec(String source, String... lookups) throws IOException {
        String text = """
                name: %s
                isolation: shared
                source:
                  kafka: {bootstrapServers: "%s", topics: [%s]}
                  idleAfter: PT1S
                %sroutes:
                  - name: kept
                    project: {n: event.n}
                    enrich:
                %s    sink: {kafka: {bootstrapServers: "%s", topic: %s}}
                deadLetters: {files: {path: %s/dead-letters}}
                """.formatted(
                        name,
                        kafka.bootstrapServers(),
                        plays,
                        source,
                        String.join("", lookups),
                        kafka.bootstrapServers(),
                        kept,
                        folder.getRoot());
        return Files.writeString(folder.getRoot().toPath().resolve("spec.yaml"), text);
    }

    private CommandLineRun submit(Path spec, String... options) {
        return ClusterRuns.submit(
                flink.cluster(),
                spec,
                Stream.concat(Stream.of("--parallelism=2"), Stream.of(options)).toArray(String[]::new));
    }

    private Job job() {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().equals(name) && !job.hasEnded())
                .findFirst()
                .orElseThrow();
    }
}
