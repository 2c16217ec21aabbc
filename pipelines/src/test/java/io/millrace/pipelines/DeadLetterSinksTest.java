package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.s3.S3Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Every kind of sink takes dead letters; those in S3 are looked at and replayed like those in files. */
public class DeadLetterSinksTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Rule
    public final S3Rule s3 = new S3Rule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void writePlays() throws IOException {
        Files.writeString(path("plays.jsonl"), "{\"id\":1,\"n\":1}\n{\"id\":2}\n");
    }

    @Test
    public void elasticsearchTakesDeadLetters() throws IOException {
        String index = elasticsearch.name("dead-letters");

        route("{elasticsearch: {url: \"" + elasticsearch.node().url() + "\", index: " + index + "}}");

        assertThat(
                elasticsearch.node().documents(index).values().stream()
                        .map(DeadLetterSinksTest::cause)
                        .toList(),
                contains("plays.jsonl filterFailed"));
    }

    @Test
    public void kafkaTakesDeadLetters() throws IOException {
        String topic = kafka.topic("dead-letters");

        route("{kafka: {bootstrapServers: \"" + kafka.bootstrapServers() + "\", topic: " + topic + "}}");

        assertThat(
                kafka.broker().records(topic).stream()
                        .map(read -> cause(json(read.value())))
                        .toList(),
                contains("plays.jsonl filterFailed"));
    }

    @Test
    public void s3TakesDeadLettersThatAreLookedAtAndReplayed() throws IOException {
        String bucket = s3.bucket("lake");
        String deadLetters = "s3://" + bucket + "/dead-letters";
        route("{s3: {path: \"" + deadLetters + "\", compression: gzip}}");

        CommandLineRun shown =
                CommandLineRun.of("dead-letters", "--path=" + deadLetters, "--spec=" + path("spec.yaml"));
        assertThat(shown.err(), shown.outLines().get(0), is("1 dead letters"));
        Path repaired = spec("!has(event.n) || event.n > 0", "{s3: {path: \"" + deadLetters + "\"}}");
        CommandLineRun replayed = CommandLineRun.of("replay", "--spec=" + repaired, "--deadLetters=" + deadLetters);

        assertThat(replayed.err(), replayed.status(), is(Commands.DONE));
        assertThat(
                replayed.out(), containsString("plays             1             1             0             0  done"));
    }

    private void route(String deadLetters) throws IOException {
        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec("event.n > 0", deadLetters));
        assertThat(run.err(), run.status(), is(Commands.DONE));
    }

    private Path spec(String filter, String deadLetters) throws IOException {
        String text = """
                name: sinks
                source: {files: {path: "${folder}/plays.jsonl"}}
                routes:
                  - name: plays
                    filter: "${filter}"
                    sink: {files: {path: "${folder}/plays"}}
                s3: {region: us-east-1, endpoint: "${s3}"}
                deadLetters: ${deadLetters}
                """.replace("${folder}", folder.getRoot().toString())
                .replace("${filter}", filter)
                .replace("${s3}", s3.server().endpoint())
                .replace("${deadLetters}", deadLetters);
        return Files.writeString(path("spec.yaml"), text);
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private static String cause(JsonNode deadLetter) {
        return deadLetter.path("origin").path("stream").asText() + " "
                + deadLetter.path("reason").asText();
    }

    private static JsonNode json(byte[] text) {
        try {
            return JSON.readTree(new String(text, UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
