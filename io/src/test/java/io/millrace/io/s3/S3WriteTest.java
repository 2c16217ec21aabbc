package io.millrace.io.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.objects.Compression;
import io.millrace.io.objects.FolderSink;
import io.millrace.io.sink.SinkContext;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.s3.S3Rule;
import io.millrace.testfixtures.server.TcpRelay;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.Run;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;

/** Objects are whole or not there, also where the server refuses, resets or stalls. */
public class S3WriteTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MEGABYTE = 1 << 20;

    @Rule
    public final S3Rule s3 = new S3Rule();

    private final List<TimestampedValue<Event>> events = new ArrayList<>();

    @Test
    public void writesOneObjectForEachWindowWithItsManifest() {
        String bucket = s3.bucket("lake");
        event(0, "{\"n\":0}").event(1, "{\"n\":1}").event(60, "{\"n\":60}");

        write(s3.server().endpoint(), FolderSink.of("s3://" + bucket + "/plays").withWindow(MINUTE));

        assertThat(
                texts(bucket, "plays/archive"),
                is(Map.of(
                        "plays/archive-2026-01-31T12-00Z-00-of-01-run-1-e0.jsonl", "{\"n\":0}\n{\"n\":1}\n",
                        "plays/archive-2026-01-31T12-01Z-00-of-01-run-1-e0.jsonl", "{\"n\":60}\n")));
        assertThat(
                texts(bucket, "plays/_manifest").keySet(),
                is(Set.of(
                        "plays/_manifest/play-events/archive/2026-01-31T12-00Z/00-of-01-run-1-e0.json",
                        "plays/_manifest/play-events/archive/2026-01-31T12-01Z/00-of-01-run-1-e0.json")));
    }

    @Test
    public void whatIsWrittenAgainReplacesItself() {
        String bucket = s3.bucket("lake");
        FolderSink sink =
                FolderSink.of("s3://" + bucket + "/plays").withWindow(MINUTE).withCompression(Compression.GZIP);
        event(0, "{\"n\":0}").event(1, "{\"n\":1}");

        write(s3.server().endpoint(), sink);
        Map<String, String> first = texts(bucket, "plays/");
        write(s3.server().endpoint(), sink);

        assertThat(texts(bucket, "plays/"), is(first));
        assertThat(
                texts(bucket, "plays/archive"),
                is(Map.of("plays/archive-2026-01-31T12-00Z-00-of-01-run-1-e0.jsonl.gz", "{\"n\":0}\n{\"n\":1}\n")));
    }

    @Test
    public void anUploadWhoseConnectionsAreResetShowsTheWholeObjectInTheEnd() {
        String bucket = s3.bucket("lake");
        StringBuilder expected = new StringBuilder();
        for (int offset = 0; offset < 20; offset++) {
            String line = "{\"n\":\"" + String.valueOf(offset % 10).repeat(MEGABYTE) + "\"}";
            event(offset, line);
            expected.append(line).append('\n');
        }
        try (TcpRelay relay = TcpRelay.to(s3.server().port())) {
            relay.resetAfterEach(6 * MEGABYTE);

            CompletableFuture<Void> run = CompletableFuture.runAsync(() -> write(
                    relay.url(), FolderSink.of("s3://" + bucket + "/plays").withWindow(MINUTE)));
            Eventually.waitUntil("ten connections to be reset", () -> relay.resets() >= 10);
            assertThat(texts(bucket, "plays/"), is(Map.of()));
            relay.accept();
            run.join();
        }

        assertThat(texts(bucket, "plays/archive").values(), contains(expected.toString()));
    }

    @Test
    public void waitsForAServerThatStalls() {
        String bucket = s3.bucket("lake");
        event(0, "{\"n\":0}");
        try (TcpRelay relay = TcpRelay.to(s3.server().port())) {
            s3.server().process().pause();

            CompletableFuture<Void> run = CompletableFuture.runAsync(() -> write(
                    relay.url(), FolderSink.of("s3://" + bucket + "/plays").withWindow(MINUTE)));
            Eventually.waitUntil("a request to be on its way", () -> relay.sentBytes() > 0);
            s3.server().process().resume();
            run.join();
        }

        assertThat(texts(bucket, "plays/archive").values(), contains("{\"n\":0}\n"));
    }

    @Test
    public void failsAtOnceWhereThereIsNoSuchBucket() {
        event(0, "{\"n\":0}");

        Exception failure = assertThrows(
                Exception.class,
                () -> write(
                        s3.server().endpoint(),
                        FolderSink.of("s3://no-such-bucket/plays").withWindow(MINUTE)));

        assertThat(String.valueOf(failure), failure.toString().contains("bucket"), is(true));
    }

    @Test
    public void failsAtOnceWhereThereAreNoCredentials() {
        String bucket = s3.bucket("lake");
        event(0, "{\"n\":0}");
        System.setProperty("aws.secretAccessKey", "");

        Exception failure = assertThrows(
                Exception.class,
                () -> write(
                        s3.server().endpoint(),
                        FolderSink.of("s3://" + bucket + "/plays").withWindow(MINUTE)));

        assertThat(String.valueOf(failure), containsString("credentials of S3 must be found on every worker"));
    }

    @Test
    public void saysWhatIsWrongWithAPath() {
        assertThat(messageOf("out/plays"), is("path must be s3://BUCKET/FOLDER, but was out/plays"));
        assertThat(messageOf("s3://Lake/plays"), is("path must be s3://BUCKET/FOLDER, but was s3://Lake/plays"));
        S3Events.checkPath("s3://lake");
        S3Events.checkPath("s3://lake/plays/long");
    }

    private static String messageOf(String path) {
        return assertThrows(IllegalArgumentException.class, () -> S3Events.checkPath(path))
                .getMessage();
    }

    /** An event at a second after noon that is its offset. */
    private S3WriteTest event(long offset, String value) {
        ResultId id = ResultId.of(new Origin("local/plays", 0, offset)).madeBy("archive");
        events.add(TimestampedValue.of(
                Event.of(id, null, value.getBytes(UTF_8), Headers.empty()), NOON.plus(offset * 1000)));
        return this;
    }

    private void write(String endpoint, FolderSink sink) {
        PipelineOptions options = TestPipeline.testingPipelineOptions();
        new S3Settings("us-east-1", endpoint).setIn(options);
        Pipeline pipeline = TestPipeline.fromOptions(options).enableAbandonedNodeEnforcement(false);
        SinkContext context = new SinkContext(new Run("play-events", "", "run-1", 0), "archive", false);
        PAssert.that(pipeline.apply(Create.timestamped(events)).apply(S3Events.write(sink, context)))
                .empty();
        pipeline.run().waitUntilFinish();
    }

    private Map<String, String> texts(String bucket, String prefix) {
        Map<String, String> texts = new TreeMap<>();
        s3.server().objects(bucket).forEach((key, content) -> {
            if (key.startsWith(prefix)) {
                texts.put(key, text(key, content));
            }
        });
        return texts;
    }

    private static String text(String key, byte[] content) {
        try {
            return new String(
                    key.endsWith(".gz")
                            ? new GZIPInputStream(new ByteArrayInputStream(content)).readAllBytes()
                            : content,
                    UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
