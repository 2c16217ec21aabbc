package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Contents.manifestsOf;
import static io.millrace.io.objects.Samples.contextOf;
import static io.millrace.io.objects.Samples.line;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.io.objects.Samples.text;
import static io.millrace.testfixtures.Times.FIVE_PAST;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.junit.Test;

public class WriteObjectsTest extends WriteObjectsCases {

    @Override
    PipelineOptions options() {
        return TestPipeline.testingPipelineOptions();
    }

    @Test
    public void rewritesTheWholeObjectSoonAfterALateEvent() throws IOException {
        run(
                windows(MINUTE),
                timeline()
                        .at(NOON, play(2))
                        .watermarkTo(ONE_PAST)
                        .at(NOON, play(1))
                        .clockForwardBy(Duration.ofSeconds(2))
                        .watermarkTo(TWO_PAST.plusSeconds(30))
                        .toTheEnd());

        assertThat(dataOf(folder()), is(Map.of(NOON_OBJECT, text(line(1), line(2)))));
    }

    @Test
    public void writesAnUnboundedInputWithoutWindowsTenSecondsAfterItsFirstEvent() throws IOException {
        run(
                batches(),
                timeline()
                        .at(NOON, play(1))
                        .clockForwardBy(Duration.ofSeconds(9))
                        .at(NOON, play(2))
                        .clockForwardBy(Duration.ofSeconds(2))
                        .watermarkTo(FIVE_PAST)
                        .at(NOON, play(3))
                        .toTheEnd());

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        NUMBERED + "000000.jsonl", text(line(1), line(2)), NUMBERED + "000001.jsonl", text(line(3)))));
    }

    @Test
    public void aReplayWhoseWindowsFireInOtherPanesLeavesEachResultOnce() throws IOException {
        write(
                windows(MINUTE),
                timeline()
                        .at(NOON, play(1), play(2), play(3))
                        .watermarkTo(ONE_PAST)
                        .at(NOON, play(4))
                        .at(ONE_PAST, play(5))
                        .toTheEnd());
        Map<String, String> firstRun = dataOf(folder());

        write(
                windows(MINUTE),
                timeline()
                        .at(NOON, play(3))
                        .watermarkTo(ONE_PAST)
                        .at(NOON, play(1), play(2))
                        .clockForwardBy(Duration.ofSeconds(5))
                        .at(NOON, play(4))
                        .at(ONE_PAST, play(5))
                        .toTheEnd());

        assertThat(firstRun, is(expectedOfReplay()));
        assertThat(dataOf(folder()), is(expectedOfReplay()));
    }

    @Test
    public void aReplayThatWritesFewerNumberedObjectsDeletesTheRest() throws IOException {
        write(
                batches().withMaxPendingBytes(1),
                timeline().at(NOON, play(1)).at(NOON, play(2)).at(NOON, play(3)).toTheEnd());

        write(
                batches().withMaxPendingBytes(60),
                timeline().at(NOON, play(1), play(2)).at(NOON, play(3)).toTheEnd());

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        NUMBERED + "000000.jsonl", text(line(1), line(2)), NUMBERED + "000001.jsonl", text(line(3)))));
    }

    @Test
    public void aHigherEpochReplacesALowerOne() throws IOException {
        write(windows(Duration.ZERO), timeline().at(NOON, play(1), play(2)).toTheEnd());

        write(
                WriteObjects.into(folder().toString(), contextOf("first", 1)).withWindow(MINUTE, Duration.ZERO),
                timeline().at(NOON, play(2)).toTheEnd());

        assertThat(dataOf(folder()), is(Map.of("long-plays-2026-01-01T12-00Z-00-of-01-first-e1.jsonl", text(line(2)))));
        assertThat(
                manifestsOf(folder()).keySet(),
                is(java.util.Set.of("_manifest/play-events/long-plays/2026-01-01T12-00Z/00-of-01-first-e1.json")));
    }

    private static Map<String, String> expectedOfReplay() {
        return Map.of(NOON_OBJECT, text(line(1), line(2), line(3), line(4)), ONE_PAST_OBJECT, text(line(5)));
    }

    private static void write(WriteObjects write, TestStream<Event> input) {
        Pipeline run = Pipeline.create(PipelineOptionsFactory.create());
        run.apply(input).apply(write);
        run.run().waitUntilFinish();
    }
}
