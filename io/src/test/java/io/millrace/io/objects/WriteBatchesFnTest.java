package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Samples.contextOf;
import static io.millrace.io.objects.Samples.line;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.io.objects.Samples.text;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.values.TupleTag;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What becomes of numbered objects where a write is restored as another run. */
public class WriteBatchesFnTest {
    private static final String OBJECT = "long-plays-00-of-01-";

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    @BeforeClass
    public static void registerFileSystems() {
        FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    }

    @Test
    public void aRunOfTheSameEpochGoesOnWithTheNumbersOfTheOneBefore() throws IOException {
        StatefulStep<Integer, EventBatch, Void> write = writeAs("first", 0);
        write.process(batch(play(1)));

        write.restartAs(fn("second", 0));
        write.process(batch(play(2)));

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        OBJECT + "first-e0-000000.jsonl",
                        text(line(1)),
                        OBJECT + "first-e0-000001.jsonl",
                        text(line(2)))));
    }

    @Test
    public void aRunOfAHigherEpochBeginsItsOwnAndLeavesWhatTheLowerOneWrote() throws IOException {
        StatefulStep<Integer, EventBatch, Void> write = writeAs("first", 0);
        write.process(batch(play(1)));
        write.process(batch(play(2)));

        write.restartAs(fn("first", 1));
        write.process(batch(play(2)));
        write.process(batch(play(3)));

        assertThat(
                dataOf(folder()),
                is(Map.of(
                        OBJECT + "first-e0-000000.jsonl", text(line(1)),
                        OBJECT + "first-e0-000001.jsonl", text(line(2)),
                        OBJECT + "first-e1-000000.jsonl", text(line(2)),
                        OBJECT + "first-e1-000001.jsonl", text(line(3)))));
    }

    private StatefulStep<Integer, EventBatch, Void> writeAs(String lineage, long epoch) {
        return new StatefulStep<>(
                fn(lineage, epoch), new TupleTag<>("none"), List.of(), 0, VarIntCoder.of(), EventBatch.CODER);
    }

    /** Writes an object for each event. */
    private WriteBatchesFn fn(String lineage, long epoch) {
        SinkContext context = contextOf(lineage, epoch);
        Ledger ledger = new Ledger(
                new Folder(folder().toString()),
                new ObjectNames(context.run(), context.route(), 1, Compression.NONE),
                context.run(),
                Compression.NONE);
        return new WriteBatchesFn(false, true, 1, ledger, context);
    }

    private static EventBatch batch(Event event) {
        return new EventBatch(DeadLetter.NO_TIME, List.of(new EventBatch.Timed(event, joda(NOON))));
    }

    private Path folder() {
        return folders.getRoot().toPath().resolve("out");
    }
}
