package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Samples.contextOf;
import static io.millrace.io.objects.Samples.line;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.testfixtures.Times.NOON;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.Timeline;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Origin;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Random timelines, against a plain-Java account of what the files then hold. */
public class WriteObjectsPropertyTest {
    private static final int TIMELINES = "soak".equals(System.getProperty("millrace.test.scale")) ? 100 : 4;

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    @Test
    public void holdsWhatThePlainAccountSaysAlsoAfterAReplay() throws Exception {
        for (int seed = 0; seed < TIMELINES; seed++) {
            Path folder = folders.newFolder().toPath();
            for (int attempt = 0; attempt < 2; attempt++) {
                Story story = new Story(new Random(seed), new Random(31L * seed + attempt));
                run(story, folder);
                assertThat("seed " + seed + ", attempt " + attempt, dataOf(folder), is(story.expected()));
            }
        }
    }

    private static void run(Story story, Path folder) {
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
        PCollection<DeadLetter> deadLetters = pipeline.apply(story.timeline.toTheEnd())
                .apply(WriteObjects.into(folder.toString(), contextOf("first", 0))
                        .withWindow(Story.WINDOW, Story.LATENESS)
                        .withShards(Story.SHARDS));
        PAssert.that(deadLetters.apply(MapElements.into(TypeDescriptors.strings())
                        .via(deadLetter -> deadLetter.event().id().toString())))
                .containsInAnyOrder(story.late);
        pipeline.run().waitUntilFinish();
    }

    /**
     * The same plays for the same seed, none later than allowed; how they mix with watermark and clock differs between attempts. An
     * attempt's own plays of long ago come late whatever the mix.
     */
    private static final class Story {
        static final Duration WINDOW = Duration.ofSeconds(10);
        static final Duration LATENESS = Duration.ofSeconds(20);
        static final int SHARDS = 3;
        private static final int PLAYS = 24;

        private final Map<String, TreeMap<Long, String>> objects = new TreeMap<>();
        private final List<String> late = new ArrayList<>();
        private Timeline<Event> timeline = Timeline.of(EventCoder.of());
        private Instant watermark = Instant.MIN;

        Story(Random plays, Random mix) {
            for (int offset = 0; offset < PLAYS; offset++) {
                Instant time = NOON.plusSeconds(2L * offset - plays.nextInt(15));
                add(plays.nextInt(4), offset, time);
                if (mix.nextInt(3) == 0) {
                    advance(NOON.plusSeconds(2L * offset - 8 + mix.nextInt(10)));
                }
                if (mix.nextInt(5) == 0) {
                    timeline = timeline.clockForwardBy(Duration.ofMillis(1 + mix.nextInt(2000)));
                }
            }
            advance(NOON.plusSeconds(2 * PLAYS));
            add(0, 1000, NOON.minusSeconds(60));
        }

        private void advance(Instant to) {
            if (to.isAfter(watermark)) {
                watermark = to;
                timeline = timeline.watermarkTo(to);
            }
        }

        private void add(int partition, long offset, Instant time) {
            timeline = timeline.at(time, play(partition, offset));
            long second = Math.floorDiv(time.getEpochSecond(), WINDOW.toSeconds()) * WINDOW.toSeconds();
            Instant start = Instant.ofEpochSecond(second);
            if (watermark.isBefore(start.plus(WINDOW).plus(LATENESS))) {
                objects.computeIfAbsent(nameOf(start, partition), name -> new TreeMap<>())
                        .put(partition * 1_000_000L + offset, line(partition, offset));
            } else {
                late.add(play(partition, offset).id().toString());
            }
        }

        private static String nameOf(Instant start, int partition) {
            String window = start.toString().replace(":00Z", "Z").replace(':', '-');
            int shard = PrepareLinesFn.shard(new Origin("local/plays", partition, 0), SHARDS);
            return "long-plays-" + window + "-0" + shard + "-of-03-first-e0.jsonl";
        }

        Map<String, String> expected() {
            Map<String, String> expected = new TreeMap<>();
            objects.forEach((name, lines) -> expected.put(name, String.join("\n", lines.values()) + "\n"));
            return expected;
        }
    }
}
