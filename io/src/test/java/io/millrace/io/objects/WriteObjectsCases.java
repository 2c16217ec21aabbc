package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Contents.manifestsOf;
import static io.millrace.io.objects.Samples.contextOf;
import static io.millrace.io.objects.Samples.event;
import static io.millrace.io.objects.Samples.line;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.io.objects.Samples.text;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.sink.SinkContext;
import io.millrace.testfixtures.Counters;
import io.millrace.testfixtures.Timeline;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What holds on every runner. */
public abstract class WriteObjectsCases {
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final String NOON_OBJECT = "long-plays-2026-01-01T12-00Z-00-of-01-first-e0.jsonl";
    static final String ONE_PAST_OBJECT = "long-plays-2026-01-01T12-01Z-00-of-01-first-e0.jsonl";
    static final String NUMBERED = "long-plays-00-of-01-first-e0-";

    @Rule
    public final TestPipeline pipeline = TestPipeline.fromOptions(options());

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    /** The runner, with options under which it forwards the watermark after each element. */
    abstract PipelineOptions options();

    @Test
    public void writesOneObjectForEachWindow() throws IOException {
        run(
                windows(Duration.ZERO),
                timeline()
                        .at(NOON, play(1))
                        .at(ONE_PAST, play(2))
                        .watermarkTo(TWO_PAST)
                        .toTheEnd());

        assertThat(dataOf(folder()), is(Map.of(NOON_OBJECT, text(line(1)), ONE_PAST_OBJECT, text(line(2)))));
    }

    @Test
    public void ordersTheLinesOfAnObjectByTheirOrigins() throws IOException {
        run(
                windows(Duration.ZERO),
                timeline()
                        .at(NOON.plusSeconds(30), play(1, 7), play(0, 9))
                        .at(NOON, play(0, 10), play(1, 2))
                        .watermarkTo(ONE_PAST)
                        .toTheEnd());

        assertThat(dataOf(folder()), is(Map.of(NOON_OBJECT, text(line(9), line(10), line(1, 2), line(1, 7)))));
    }

    @Test
    public void writesARepeatedResultOnce() throws IOException {
        PipelineResult result = run(
                windows(Duration.ZERO),
                timeline().at(NOON, play(1), play(1), play(2)).toTheEnd());

        assertThat(dataOf(folder()), is(Map.of(NOON_OBJECT, text(line(1), line(2)))));
        assertThat(counter(result, "delivered"), is(2L));
    }

    @Test
    public void rewritesTheWholeObjectAtTheEndOfTheInputIfNoTimeHasPassed() throws IOException {
        PipelineResult result = run(
                windows(MINUTE),
                timeline()
                        .at(NOON, play(2))
                        .watermarkTo(ONE_PAST)
                        .at(NOON, play(1), play(3))
                        .toTheEnd());

        assertThat(dataOf(folder()), is(Map.of(NOON_OBJECT, text(line(1), line(2), line(3)))));
        assertThat(counter(result, "delivered"), is(3L));
    }

    @Test
    public void takesAnEventWhoseWindowEndedBeforeItsFirstEventCame() throws IOException {
        run(windows(MINUTE), timeline().watermarkTo(ONE_PAST).at(NOON, play(1)).toTheEnd());

        assertThat(dataOf(folder()), is(Map.of(NOON_OBJECT, text(line(1)))));
    }

    @Test
    public void givesUpAnEventThatComesAfterTheAllowedLateness() throws IOException {
        PCollection<DeadLetter> deadLetters = pipeline.apply(timeline()
                        .at(NOON, play(1))
                        .watermarkTo(TWO_PAST.plusSeconds(5))
                        .at(NOON, play(2))
                        .at(ONE_PAST, play(3))
                        .toTheEnd())
                .apply(windows(MINUTE));

        PAssert.that(deadLetters)
                .containsInAnyOrder(new DeadLetter(
                        play(2),
                        "long-plays",
                        "sink",
                        Reason.LATE,
                        "event must come before the watermark is PT1M past its window's end 2026-01-01T12:01:00.000Z,"
                                + " but came PT5S later than that",
                        joda(NOON)));
        PipelineResult result = pipeline.run();
        assertThat(dataOf(folder()), is(Map.of(NOON_OBJECT, text(line(1)), ONE_PAST_OBJECT, text(line(3)))));
        assertThat(counter(result, "dead_lettered_by.late"), is(1L));
        assertThat(counter(result, "delivered"), is(2L));
    }

    @Test
    public void givesUpAnEventWithoutATimeWhereWindowsAreWritten() throws IOException {
        PCollection<DeadLetter> deadLetters = pipeline.apply(Create.of(play(1))).apply(windows(Duration.ZERO));

        PAssert.that(deadLetters)
                .containsInAnyOrder(new DeadLetter(
                        play(1),
                        "long-plays",
                        "sink",
                        Reason.EVENT_TIME_UNREADABLE,
                        "event must have a time where windows are written",
                        DeadLetter.NO_TIME));
        pipeline.run();
        assertThat(dataOf(folder()), is(Map.of()));
    }

    @Test
    public void givesUpWhatCannotBeALineAndWritesTheRest() throws IOException {
        Event tombstone = Event.of(new Origin("local/plays", 0, 1), null, null);
        PCollection<DeadLetter> deadLetters = pipeline.apply(
                        Create.of(play(0), tombstone, event(2, ""), event(3, "a\nb"), event(4, "{\"a\":\r\n1}")))
                .apply(batches());

        PAssert.that(deadLetters)
                .containsInAnyOrder(
                        refused(tombstone, Reason.NO_VALUE, "value must not be null where it is written as a line"),
                        refused(event(2, ""), Reason.REFUSED, "value must not be empty where it is written as a line"),
                        refused(
                                event(3, "a\nb"),
                                Reason.REFUSED,
                                "value with line breaks must be one JSON document where it is written as a line"));
        PipelineResult result = pipeline.run();
        assertThat(dataOf(folder()), is(Map.of(NUMBERED + "000000.jsonl", text(line(0), "{\"a\":  1}"))));
        assertThat(counter(result, "delivered"), is(2L));
        assertThat(counter(result, "dead_lettered"), is(3L));
    }

    @Test
    public void spreadsPartitionsOverShardsAndCompressesThem() throws IOException {
        run(
                windows(Duration.ZERO).withShards(2).withCompression(Compression.GZIP),
                timeline()
                        .at(NOON, play(0, 1), play(1, 2), play(2, 3), play(0, 4))
                        .toTheEnd());

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        "long-plays-2026-01-01T12-00Z-00-of-02-first-e0.jsonl.gz",
                        text(line(0, 1), line(0, 4), line(2, 3)),
                        "long-plays-2026-01-01T12-00Z-01-of-02-first-e0.jsonl.gz",
                        text(line(1, 2)))));
    }

    @Test
    public void saysInAManifestWhatAnObjectHolds() throws IOException {
        run(
                windows(Duration.ZERO),
                timeline().at(NOON, play(4), play(9), play(1, 2)).toTheEnd());

        assertThat(
                manifestsOf(folder()),
                is(
                        Map.of(
                                "_manifest/play-events/long-plays/2026-01-01T12-00Z/00-of-01-first-e0.json",
                                "{\"manifestVersion\":1,\"lineage\":\"first\",\"epoch\":0,\"generation\":0,\"object\":\""
                                        + NOON_OBJECT
                                        + "\",\"objects\":1,\"records\":3,\"bytes\":45,\"offsets\":["
                                        + "{\"stream\":\"local/plays\",\"partition\":0,\"first\":4,\"last\":9,\"count\":2},"
                                        + "{\"stream\":\"local/plays\",\"partition\":1,\"first\":2,\"last\":2,\"count\":1}]}")));
    }

    @Test
    public void writesABoundedInputWithoutWindowsAsOneObject() throws IOException {
        pipeline.apply(Create.of(play(2), play(1), play(3))).apply(batches());
        pipeline.run();

        assertThat(dataOf(folder()), is(Map.of(NUMBERED + "000000.jsonl", text(line(1), line(2), line(3)))));
    }

    @Test
    public void beginsANewObjectWhenEnoughIsPending() throws IOException {
        run(
                batches().withMaxPendingBytes(60),
                timeline().at(NOON, play(1)).at(NOON, play(2)).at(NOON, play(3)).toTheEnd());

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        NUMBERED + "000000.jsonl", text(line(1), line(2)), NUMBERED + "000001.jsonl", text(line(3)))));
    }

    PipelineResult run(WriteObjects write, TestStream<Event> input) {
        pipeline.apply(input).apply(write);
        return pipeline.run();
    }

    WriteObjects windows(Duration allowedLateness) {
        return batches().withWindow(MINUTE, allowedLateness);
    }

    WriteObjects batches() {
        return WriteObjects.into(folder().toString(), context());
    }

    SinkContext context() {
        return contextOf("first", 0);
    }

    Path folder() {
        return folders.getRoot().toPath().resolve("out");
    }

    static Timeline<Event> timeline() {
        return Timeline.of(EventCoder.of());
    }

    private static DeadLetter refused(Event event, Reason reason, String message) {
        return new DeadLetter(event, "long-plays", "sink", reason, message, DeadLetter.NO_TIME);
    }

    static long counter(PipelineResult result, String name) {
        return Counters.of(result, "millrace.play-events.long-plays").getOrDefault(name, 0L);
    }
}
