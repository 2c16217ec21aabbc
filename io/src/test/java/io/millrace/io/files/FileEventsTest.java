package io.millrace.io.files;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertThrows;

import io.millrace.io.objects.Compression;
import io.millrace.io.objects.FolderSink;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.source.EventTimes;
import io.millrace.io.source.EventsRead;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.expression.TimeExpression;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Reify;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FileEventsTest {
    private static final SinkContext CONTEXT =
            new SinkContext(new Run("play-events", "", "first", 0), "long-plays", false);

    @Rule
    public final TestPipeline pipeline = TestPipeline.create();

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    @Test
    public void givesOneEventALineWithTheLinesPositionAsItsOffset() throws IOException {
        write("plays.jsonl", "{\"a\":1}\r\n\n{\"b\":2}\nlast");

        PAssert.that(read("plays.jsonl").events())
                .containsInAnyOrder(
                        event("plays.jsonl", 0, "{\"a\":1}"),
                        event("plays.jsonl", 10, "{\"b\":2}"),
                        event("plays.jsonl", 18, "last"));
        pipeline.run();
    }

    @Test
    public void leavesBytesThatAreNoTextAsTheyAre() throws IOException {
        byte[] value = {(byte) 0xff, 0, (byte) 0xc3};
        Files.write(path("bytes"), value);

        PAssert.that(read("bytes").events()).containsInAnyOrder(Event.of(new Origin("bytes", 0, 0), null, value));
        pipeline.run();
    }

    @Test
    public void readsAFolderWithItsSubfoldersButNotWhatIsHidden() throws IOException {
        write("in/a.jsonl", "1\n");
        write("in/day=1/b.jsonl", "2\n");
        write("in/_manifest/x.json", "3\n");
        write("in/.a.jsonl.draft", "4\n");

        PAssert.that(read("in").events()).containsInAnyOrder(event("a.jsonl", 0, "1"), event("day=1/b.jsonl", 0, "2"));
        pipeline.run();
    }

    @Test
    public void aStreamStandsBeforeThePathsOfFiles() throws IOException {
        write("in/day=1/b.jsonl", "2\n");

        PAssert.that(pipeline.apply(FileEvents.read(new FileSource(path("in").toString(), "plays")))
                        .events())
                .containsInAnyOrder(event("plays/day=1/b.jsonl", 0, "2"));
        pipeline.run();
    }

    @Test
    public void readsAGlobRelativeToItsLongestPlainParent() throws IOException {
        write("in/a.jsonl", "1\n");
        write("in/a.txt", "2\n");

        PAssert.that(read("in/*.jsonl").events()).containsInAnyOrder(event("a.jsonl", 0, "1"));
        pipeline.run();
    }

    @Test
    public void readsCompressedFilesWithOffsetsOfTheText() throws IOException {
        Files.createDirectories(path("in"));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path("in/a.jsonl.gz")))) {
            out.write("{\"a\":1}\n{\"b\":2}\n".getBytes(StandardCharsets.UTF_8));
        }

        PAssert.that(read("in").events())
                .containsInAnyOrder(event("a.jsonl.gz", 0, "{\"a\":1}"), event("a.jsonl.gz", 8, "{\"b\":2}"));
        pipeline.run();
    }

    @Test
    public void failsWhereNoFileMatches() {
        read("missing/*.jsonl");

        Exception failure = assertThrows(Exception.class, pipeline::run);

        assertThat(
                failure.toString(),
                containsString("path must lead to at least one file, but was " + path("missing/*.jsonl")));
    }

    @Test
    public void givesEventsTheTimesThatAnExpressionComputes() throws IOException {
        write("plays.jsonl", "{\"ts\":1000}\n{\"ts\":\"soon\"}\nnot json\n{\"ts\":\"1970-01-01T00:00:02Z\"}\n");
        EventsRead read = pipeline.apply(
                FileEvents.read(new FileSource(path("plays.jsonl").toString()))
                        .withEventTimes(EventTimes.of(TimeExpression.of("event.ts"))));

        PAssert.that(read.events().apply(Reify.timestamps()))
                .containsInAnyOrder(
                        TimestampedValue.of(event("plays.jsonl", 0, "{\"ts\":1000}"), new Instant(1000)),
                        TimestampedValue.of(
                                event("plays.jsonl", 35, "{\"ts\":\"1970-01-01T00:00:02Z\"}"), new Instant(2000)));
        PAssert.that(read.deadLetters()
                        .apply(MapElements.into(TypeDescriptors.strings()).via(FileEventsTest::told)))
                .containsInAnyOrder(
                        "12 eventTime eventTimeUnreadable eventTime: 'soon' is no RFC 3339 time",
                        "26 eventTime notJson eventTime: no JSON value at byte 1");
        pipeline.run();
    }

    @Test
    public void readsBackWhatItWrote() throws IOException {
        assertReadsBackWhatItWroteWith(PipelineOptionsFactory.create());
    }

    @Test
    public void readsBackWhatItWroteOnFlink() throws IOException {
        FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
        options.setRunner(FlinkRunner.class);
        options.setFlinkMaster("[local]");
        options.setStreaming(true);
        options.setParallelism(2);

        assertReadsBackWhatItWroteWith(options);
    }

    @Test
    public void readsBackWhatItWroteInAFlinkBatch() throws IOException {
        FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
        options.setRunner(FlinkRunner.class);
        options.setFlinkMaster("[local]");
        options.setParallelism(2);

        assertReadsBackWhatItWroteWith(options);
    }

    private void assertReadsBackWhatItWroteWith(PipelineOptions options) throws IOException {
        write("in/plays.jsonl", "{\"ts\":1000}\n{\"ts\":61000}\n{\"ts\":2000}\n");
        Pipeline writing = Pipeline.create(options);
        PCollection<Event> events = writing.apply(
                        FileEvents.read(new FileSource(path("in").toString()))
                                .withEventTimes(EventTimes.of(TimeExpression.of("event.ts"))))
                .events();
        FolderSink sink = FolderSink.of(path("out").toString()).withCompression(Compression.GZIP);
        events.apply("Write windows", FileEvents.write(sink.withWindow(Duration.ofMinutes(1)), CONTEXT));
        events.apply("Write batches", FileEvents.write(sink, CONTEXT));
        writing.run().waitUntilFinish();

        String first = "long-plays-1970-01-01T00-00Z-00-of-01-first-e0.jsonl.gz";
        String second = "long-plays-1970-01-01T00-01Z-00-of-01-first-e0.jsonl.gz";
        String all = "long-plays-00-of-01-first-e0-000000.jsonl.gz";
        PAssert.that(read("out").events())
                .containsInAnyOrder(
                        event(first, 0, "{\"ts\":1000}"),
                        event(first, 12, "{\"ts\":2000}"),
                        event(second, 0, "{\"ts\":61000}"),
                        event(all, 0, "{\"ts\":1000}"),
                        event(all, 12, "{\"ts\":61000}"),
                        event(all, 25, "{\"ts\":2000}"));
        pipeline.run();
    }

    private static String told(DeadLetter deadLetter) {
        return deadLetter.event().id().origin().offset() + " " + deadLetter.step() + " "
                + deadLetter.reason().text() + " " + deadLetter.message();
    }

    private EventsRead read(String path) {
        return pipeline.apply(FileEvents.read(new FileSource(path(path).toString())));
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(path(name).getParent());
        Files.writeString(path(name), text);
    }

    private Path path(String name) {
        return folders.getRoot().toPath().resolve(name);
    }

    private static Event event(String stream, long offset, String value) {
        return Event.of(new Origin(stream, 0, offset), null, value.getBytes(StandardCharsets.UTF_8));
    }
}
