package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.kafka.KafkaRule;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A route into a topic that nobody made. */
public class MissingTopicTest {
    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void saysWhichTopicAndWhere() throws Exception {
        Path plays = Files.writeString(folder.getRoot().toPath().resolve("plays.jsonl"), "{\"id\":1}\n");
        Path spec =
                Files.writeString(folder.getRoot().toPath().resolve("spec.yaml"), """
                name: plays
                source: {files: {path: PLAYS}}
                routes: [{name: minutes, sink: {kafka: {bootstrapServers: "BROKERS", topic: nobodys}}}]
                deadLetters: none
                """.replace("PLAYS", plays.toString())
                        .replace("BROKERS", kafka.bootstrapServers()));

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec);

        assertThat(run.status(), is(Commands.FAILED));
        assertThat(
                run.errLines(),
                hasItem("route minutes failed: topic nobodys must be at " + kafka.bootstrapServers()
                        + ", but does not exist: it must be created before it is written to"));
    }
}
