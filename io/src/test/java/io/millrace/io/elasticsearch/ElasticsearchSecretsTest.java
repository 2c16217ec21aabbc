package io.millrace.io.elasticsearch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.millrace.io.sink.SinkContext;
import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;

/** Signs in with references alone: no secret is in what is serialised. */
public class ElasticsearchSecretsTest {
    private static final String SECRET = "open-sesame";
    private static final SinkContext CONTEXT =
            new SinkContext(new Run("play-events", "", "run-1", 0), "long-plays", false);

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String reference;

    @Before
    public void keepTheSecretInAFile() throws Exception {
        Path file = folder.newFile("secret").toPath();
        Files.writeString(file, SECRET + "\n");
        reference = "${file:" + file + "}";
    }

    @Test
    public void signsInWithAPasswordOverACertificateOfItsOwn() throws Exception {
        String credentials = Base64.getEncoder().encodeToString(("millrace:" + SECRET).getBytes(UTF_8));
        try (Gateway gateway = gatewayFor("Basic " + credentials)) {
            writes(sink(gateway).withUser("millrace", reference));
        }
    }

    @Test
    public void signsInWithAnApiKey() throws Exception {
        try (Gateway gateway = gatewayFor("ApiKey " + SECRET)) {
            writes(sink(gateway).withApiKey(reference));
        }
    }

    @Test
    public void failsAtOnceWhereTheClusterDoesNotKnowTheKey() throws Exception {
        try (Gateway gateway = gatewayFor("ApiKey other")) {
            Exception failure =
                    assertThrows(Exception.class, () -> writes(sink(gateway).withApiKey(reference)));

            assertThat(String.valueOf(failure), containsString("401"));
            assertThat(String.valueOf(failure), not(containsString(SECRET)));
        }
    }

    @Test
    public void noSecretIsInWhatIsSerialised() {
        IndexFn index = new IndexFn(
                ElasticsearchSink.of("https://127.0.0.1:9200", "plays").withUser("millrace", reference), CONTEXT);

        String bytes = new String(SerializableUtils.serializeToByteArray(index), ISO_8859_1);

        assertThat(bytes, containsString(reference));
        assertThat(bytes, not(containsString(SECRET)));
    }

    @Test
    public void refusesASecretThatIsNoReference() {
        ElasticsearchSink sink = ElasticsearchSink.of("https://127.0.0.1:9200", "plays");

        assertThat(
                messageOf(() -> sink.withUser("millrace", SECRET)),
                is(
                        "password must be a reference, such as ${env:NAME} or ${file:PATH}, so that the secret stays out of the"
                                + " job"));
        assertThat(
                messageOf(() -> sink.withApiKey(SECRET)),
                is(
                        "apiKey must be a reference, such as ${env:NAME} or ${file:PATH}, so that the secret stays out of the"
                                + " job"));
        assertThat(
                messageOf(() -> ElasticsearchSink.of("https://user:pass@127.0.0.1", "plays")),
                is("url must have no user or password in it: user and password are settings of their own"));
    }

    private static String messageOf(ThrowingRunnable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }

    private Gateway gatewayFor(String authorization) throws Exception {
        return Gateway.to(
                elasticsearch.node().url(), authorization, folder.newFolder().toPath());
    }

    private ElasticsearchSink sink(Gateway gateway) {
        return ElasticsearchSink.of(gateway.url(), elasticsearch.name("plays"))
                .withCaFile(gateway.certificate().toString());
    }

    private void writes(ElasticsearchSink sink) {
        TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
        Event event = Event.of(new Origin("local/plays", 0, 0), null, "{}".getBytes(UTF_8));
        PAssert.that(pipeline.apply(Create.of(event)).apply(ElasticsearchEvents.write(sink, CONTEXT)))
                .empty();
        pipeline.run().waitUntilFinish();

        assertThat(elasticsearch.node().documents(sink.index()).size(), is(1));
    }
}
