package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Samples.contextOf;
import static io.millrace.io.objects.Samples.line;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.io.objects.Samples.text;
import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.google.common.base.Throwables;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A step of numbered objects that does not wait, while its folder is away; two lines are enough for an object. */
public class WriteBatchesWhileAwayTest {
    private static final int ENOUGH_BYTES = 60;
    private static final String OBJECT = "long-plays-00-of-01-first-e0-";

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    private AwayFolder folder;
    private StatefulStep<Integer, EventBatch, Void> write;
    private Instant now = joda(NOON);

    @Before
    public void beginWithTheFolderAway() throws IOException {
        folder = new AwayFolder(folders.getRoot().toPath().resolve("out"));
        folder.goAway();
        write = step(fn(folder.hanging(), 0));
    }

    @After
    public void close() {
        write.close();
    }

    @Test
    public void linesThatComeWhileAnObjectIsWrittenAreInTheNextOne() throws Exception {
        write.process(batch(play(1)));
        write.process(batch(play(2)));
        folder.awaitWrite();
        write.process(batch(play(3)));
        passTime();

        folder.comeBack();

        eventuallyWritten(text(line(1), line(2)), text(line(3)));
    }

    @Test
    public void goesOnWithWhatItKeptAfterARestart() throws Exception {
        write.process(batch(play(1)));
        write.process(batch(play(2)));
        write.process(batch(play(3)));
        folder.awaitWrite();

        write.restoreAs(fn(folder.hanging(), 0));
        passTime();
        folder.comeBack();

        eventuallyWritten(text(line(1), line(2)), text(line(3)));
    }

    @Test
    public void keepsLinesWhileAttemptsFail() throws Exception {
        write.close();
        write = step(fn(folder.failing(), 0));
        write.process(batch(play(1)));
        write.process(batch(play(2)));
        passTime();
        write.process(batch(play(3)));
        passTime();

        folder.comeBack();

        eventuallyWritten(text(line(1), line(2)), text(line(3)));
    }

    @Test
    public void waitsWhereEnoughForTheNextObjectHasCome() throws Exception {
        write.process(batch(play(1)));
        write.process(batch(play(2)));
        write.process(batch(play(3)));
        folder.awaitWrite();

        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> write.process(batch(play(4))));
        folder.comeBack();
        waiting.join();

        eventuallyWritten(text(line(1), line(2)), text(line(3), line(4)));
    }

    @Test
    public void waitsForEverythingAtTheEndOfTheInput() throws Exception {
        write.process(batch(play(1)));
        write.process(batch(play(2)));
        write.process(batch(play(3)));
        folder.awaitWrite();

        CompletableFuture<Void> end = CompletableFuture.runAsync(write::endInput);
        folder.comeBack();
        end.join();

        assertThat(dataOf(folder.path()), is(objects(text(line(1), line(2)), text(line(3)))));
    }

    @Test
    public void failsWhereARunOfAHigherEpochHasWritten() throws Exception {
        folder.comeBack();
        StatefulStep<Integer, EventBatch, Void> higher = step(fn(folder.hanging(), 1));
        higher.process(batch(play(1)));
        higher.endInput();
        higher.close();

        Throwable failure = Throwables.getRootCause(assertThrows(Exception.class, this::processAndPassTimeForLong));

        assertThat(failure, instanceOf(OutrankedException.class));
        assertThat(failure.getMessage(), containsString("epoch must be the highest that has written to"));
    }

    private void processAndPassTimeForLong() throws Exception {
        for (int play = 1; play < 1_000; play++) {
            write.process(batch(play(play)));
            passTime();
        }
    }

    private void eventuallyWritten(String first, String second) {
        eventually(
                "objects",
                () -> {
                    passTime();
                    return dataOf(folder.path());
                },
                is(objects(first, second)));
    }

    private static Map<String, String> objects(String first, String second) {
        return Map.of(OBJECT + "000000.jsonl", first, OBJECT + "000001.jsonl", second);
    }

    /** Lets every timer fire that is pending. */
    private void passTime() throws Exception {
        now = now.plus(WriteBatchesFn.WRITE_AFTER);
        write.clockTo(now);
    }

    private static StatefulStep<Integer, EventBatch, Void> step(WriteBatchesFn fn) {
        return new StatefulStep<>(fn, new TupleTag<>("none"), List.of(), 0, VarIntCoder.of(), EventBatch.CODER);
    }

    private static WriteBatchesFn fn(Folder folder, long epoch) {
        SinkContext context = contextOf("first", epoch);
        ObjectNames names = new ObjectNames(context.run(), context.route(), 1, Compression.NONE);
        Ledger ledger = new Ledger(folder, names, context.run(), Compression.NONE);
        return new WriteBatchesFn(false, false, ENOUGH_BYTES, ledger, context);
    }

    private static EventBatch batch(Event event) {
        return new EventBatch(DeadLetter.NO_TIME, List.of(new EventBatch.Timed(event, joda(NOON))));
    }
}
