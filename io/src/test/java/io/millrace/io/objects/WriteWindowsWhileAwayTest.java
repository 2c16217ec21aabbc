package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Samples.contextOf;
import static io.millrace.io.objects.Samples.line;
import static io.millrace.io.objects.Samples.play;
import static io.millrace.io.objects.Samples.text;
import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A step of windows that does not wait, while its folder is away. */
public class WriteWindowsWhileAwayTest {
    private static final SinkContext CONTEXT = contextOf("first", 0);
    private static final Slot SLOT = new Slot(joda(NOON), 0);
    private static final String OBJECT = "long-plays-2026-01-01T12-00Z-00-of-01-first-e0.jsonl";
    private static final WindowClock CLOCK = new WindowClock(Duration.ofMinutes(1), Duration.ofMinutes(1));
    private static final Instant A_LOOK_AFTER_ITS_CLOSING = joda(NOON.plus(Duration.ofMinutes(4)));

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    private AwayFolder folder;
    private StatefulStep<Slot, EventBatch, Void> write;
    private Instant now = joda(NOON);

    @Before
    public void beginWithTheFolderAway() throws IOException {
        folder = new AwayFolder(folders.getRoot().toPath().resolve("out"));
        folder.goAway();
        write = new StatefulStep<>(
                fn(folder.hanging()), new TupleTag<>("none"), List.of(), SLOT, Slot.CODER, EventBatch.CODER);
    }

    @After
    public void close() {
        write.close();
    }

    @Test
    public void linesThatComeWhileAnObjectIsWrittenAreInItWhenItIsWrittenAgain() throws Exception {
        write.process(batch(play(1)));
        write.watermarkTo(joda(ONE_PAST));
        folder.awaitWrite();
        write.process(batch(play(2)));
        passTime();

        folder.comeBack();

        eventuallyWritten(line(1), line(2));
        assertThat(isForgotten(), is(false));
    }

    @Test
    public void aWindowThatClosesMeanwhileIsForgottenWhenItIsWritten() throws Exception {
        write.process(batch(play(1)));
        write.watermarkTo(joda(ONE_PAST));
        folder.awaitWrite();
        write.process(batch(play(2)));
        write.watermarkTo(joda(TWO_PAST));
        passTime();
        boolean forgottenBefore = isForgotten();

        folder.comeBack();
        eventuallyWritten(line(1), line(2));
        eventuallyForgotten();
        write.watermarkTo(A_LOOK_AFTER_ITS_CLOSING);

        assertThat(forgottenBefore, is(false));
        assertThat(write.hasPendingTimers(), is(false));
    }

    @Test
    public void aClosedWindowIsLookedAfterWhenTheWatermarkGoesOn() throws Exception {
        write.process(batch(play(1)));
        write.watermarkTo(joda(TWO_PAST));
        folder.awaitWrite();
        write.watermarkTo(A_LOOK_AFTER_ITS_CLOSING);
        folder.comeBack();
        eventually("objects", () -> dataOf(folder.path()), is(Map.of(OBJECT, text(line(1)))));

        eventually(
                "forgotten",
                () -> {
                    write.watermarkTo(A_LOOK_AFTER_ITS_CLOSING.plus(
                            now.getMillis() - joda(NOON).getMillis()));
                    now = now.plus(60_000);
                    return isForgotten();
                },
                is(true));
    }

    @Test
    public void goesOnWithAClosedWindowAfterARestart() throws Exception {
        write.process(batch(play(1)));
        write.watermarkTo(joda(TWO_PAST));
        folder.awaitWrite();

        write.restoreAs(fn(folder.hanging()));
        folder.comeBack();

        eventuallyWritten(line(1));
        eventuallyForgotten();
    }

    @Test
    public void keepsLinesWhileAttemptsFail() throws Exception {
        write.restoreAs(fn(folder.failing()));
        write.process(batch(play(1)));
        write.watermarkTo(joda(ONE_PAST));
        passTime();
        write.process(batch(play(2)));
        write.watermarkTo(joda(TWO_PAST));
        passTime();

        folder.comeBack();

        eventuallyWritten(line(1), line(2));
        eventuallyForgotten();
    }

    @Test
    public void waitsAtTheEndOfTheInputForAWindowThatIsOpen() throws Exception {
        write.process(batch(play(1)));
        write.watermarkTo(joda(ONE_PAST));
        folder.awaitWrite();
        write.process(batch(play(2)));

        endInputWhileItComesBack();

        assertThat(dataOf(folder.path()), is(Map.of(OBJECT, text(line(1), line(2)))));
        assertThat(isForgotten(), is(true));
    }

    @Test
    public void waitsAtTheEndOfTheInputForAWindowThatIsClosed() throws Exception {
        write.process(batch(play(1)));
        write.watermarkTo(joda(TWO_PAST));
        folder.awaitWrite();

        endInputWhileItComesBack();

        assertThat(dataOf(folder.path()), is(Map.of(OBJECT, text(line(1)))));
        assertThat(isForgotten(), is(true));
    }

    private void endInputWhileItComesBack() throws IOException {
        CompletableFuture<Void> end = CompletableFuture.runAsync(this::endInput);
        folder.comeBack();
        end.join();
    }

    private void endInput() {
        try {
            write.watermarkTo(GlobalWindow.INSTANCE.maxTimestamp());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void eventuallyWritten(String... lines) {
        eventually(
                "objects",
                () -> {
                    passTime();
                    return dataOf(folder.path());
                },
                is(Map.of(OBJECT, text(lines))));
    }

    private void eventuallyForgotten() {
        eventually(
                "forgotten",
                () -> {
                    passTime();
                    return isForgotten();
                },
                is(true));
    }

    /** Lets what is to be written again be written. */
    private void passTime() throws Exception {
        now = now.plus(WriteWindowsFn.REWRITE_AFTER);
        write.clockTo(now);
    }

    private boolean isForgotten() {
        return write.isForgotten("progress", StateSpecs.value(WindowProgress.CODER))
                && write.isForgotten("lines", StateSpecs.bag(LineBlock.CODER));
    }

    private static WriteWindowsFn fn(Folder folder) {
        ObjectNames names = new ObjectNames(CONTEXT.run(), CONTEXT.route(), 1, Compression.NONE);
        Ledger ledger = new Ledger(folder, names, CONTEXT.run(), Compression.NONE);
        return new WriteWindowsFn(CLOCK, false, ledger, CONTEXT);
    }

    private static EventBatch batch(Event event) {
        return new EventBatch(joda(NOON), List.of(new EventBatch.Timed(event, joda(NOON))));
    }
}
