package io.millrace.io.objects;

import static io.millrace.io.objects.Contents.dataOf;
import static io.millrace.io.objects.Samples.contextOf;
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
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the steps of a windowed write keep, and what becomes of it in a restart. */
public class WriteWindowsFnTest {
    private static final SinkContext CONTEXT = contextOf("first", 0);
    private static final Slot SLOT = new Slot(joda(NOON), 0);
    private static final String OBJECT = "long-plays-2026-01-01T12-00Z-00-of-01-first-e0.jsonl";
    private static final Instant START = joda(NOON);

    @Rule
    public final TemporaryFolder folders = new TemporaryFolder();

    private final WindowClock clock = new WindowClock(Duration.ofMinutes(1), Duration.ofMinutes(1));

    @BeforeClass
    public static void registerFileSystems() {
        FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    }

    @Test
    public void forgetsAWindowWhenItIsClosed() throws Exception {
        StatefulStep<Slot, EventBatch, Void> write = write();
        write.process(batch(play(1)));
        write.watermarkTo(joda(ONE_PAST));
        write.process(batch(play(2)));
        write.clockTo(START.plus(2000));
        boolean forgottenBefore = isForgotten(write);

        write.watermarkTo(joda(TWO_PAST));

        assertThat(forgottenBefore, is(false));
        assertThat(isForgotten(write), is(true));
        assertThat(write.hasPendingTimers(), is(false));
        assertThat(dataOf(folder()), is(Map.of(OBJECT, text(line(1), line(2)))));
    }

    @Test
    public void gathersLateEventsForASecondBeforeItWritesAgain() throws Exception {
        StatefulStep<Slot, EventBatch, Void> write = write();
        write.process(batch(play(1)));
        write.watermarkTo(joda(ONE_PAST));
        write.clockTo(START);
        write.process(batch(play(2)));
        write.clockTo(START.plus(990));
        write.process(batch(play(3)));
        Map<String, String> before = dataOf(folder());

        write.clockTo(START.plus(1001));

        assertThat(before, is(Map.of(OBJECT, text(line(1)))));
        assertThat(dataOf(folder()), is(Map.of(OBJECT, text(line(1), line(2), line(3)))));
    }

    @Test
    public void letsNoEventIntoAWindowThatWasClosedBeforeARestart() throws Exception {
        StatefulStep<Integer, EventBatch, KV<Slot, EventBatch>> admit = admit();
        admit.watermarkTo(joda(TWO_PAST));
        admit.process(new EventBatch(joda(TWO_PAST), List.of(timed(play(1), TWO_PAST))));

        admit.restartAs(new AdmitFn(CONTEXT, clock));
        admit.process(batch(play(2)));

        assertThat(
                admit.outputs(),
                is(List.of(
                        KV.of(
                                new Slot(joda(TWO_PAST), 0),
                                new EventBatch(joda(TWO_PAST), List.of(timed(play(1), TWO_PAST)))),
                        new DeadLetter(
                                play(2),
                                "long-plays",
                                "sink",
                                Reason.LATE,
                                "event must come before the watermark is PT1M past its window's end 2026-01-01T12:01:00.000Z,"
                                        + " but came PT0S later than that",
                                joda(NOON)))));
    }

    private StatefulStep<Slot, EventBatch, Void> write() {
        Ledger ledger = new Ledger(
                new Folder(folder().toString()),
                new ObjectNames(CONTEXT.run(), CONTEXT.route(), 1, Compression.NONE),
                CONTEXT.run(),
                Compression.NONE);
        WriteWindowsFn fn = new WriteWindowsFn(clock, true, ledger, CONTEXT);
        return new StatefulStep<>(fn, new TupleTag<>("none"), List.of(), SLOT, Slot.CODER, EventBatch.CODER);
    }

    private StatefulStep<Integer, EventBatch, KV<Slot, EventBatch>> admit() {
        return new StatefulStep<>(
                new AdmitFn(CONTEXT, clock),
                AdmitFn.IN_TIME,
                List.of(AdmitFn.LATE),
                0,
                VarIntCoder.of(),
                EventBatch.CODER);
    }

    private static boolean isForgotten(StatefulStep<Slot, EventBatch, Void> write) {
        return write.isForgotten("progress", StateSpecs.value(WindowProgress.CODER))
                && write.isForgotten("lines", StateSpecs.bag(LineBlock.CODER));
    }

    private static EventBatch batch(Event event) {
        return new EventBatch(joda(NOON), List.of(timed(event, NOON)));
    }

    private static EventBatch.Timed timed(Event event, java.time.Instant time) {
        return new EventBatch.Timed(event, joda(time));
    }

    private Path folder() {
        return folders.getRoot().toPath().resolve("out");
    }
}
