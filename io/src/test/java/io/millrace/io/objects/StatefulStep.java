package io.millrace.io.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.core.DoFnRunner;
import org.apache.beam.runners.core.DoFnRunners;
import org.apache.beam.runners.core.InMemoryStateInternals;
import org.apache.beam.runners.core.InMemoryTimerInternals;
import org.apache.beam.runners.core.NullSideInputReader;
import org.apache.beam.runners.core.StateInternals;
import org.apache.beam.runners.core.StateNamespaces;
import org.apache.beam.runners.core.StateTags;
import org.apache.beam.runners.core.StepContext;
import org.apache.beam.runners.core.TimerInternals;
import org.apache.beam.runners.core.TimerInternals.TimerData;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFnSchemaInformation;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.util.WindowedValueMultiReceiver;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.apache.beam.sdk.values.WindowingStrategy;
import org.joda.time.Instant;

/** Runs a stateful DoFn for one key with Beam's own in-memory state and timers, which a test can look into and restart. */
public final class StatefulStep<K, InputT, OutputT> {
    private final TupleTag<OutputT> mainTag;
    private final List<TupleTag<?>> otherTags;
    private final K key;
    private final Coder<KV<K, InputT>> coder;
    private final InMemoryStateInternals<K> state;
    private final List<Object> outputs = new ArrayList<>();
    private InMemoryTimerInternals timers = new InMemoryTimerInternals();
    private DoFn<KV<K, InputT>, OutputT> running;
    private DoFnRunner<KV<K, InputT>, OutputT> runner;

    public StatefulStep(
            DoFn<KV<K, InputT>, OutputT> fn,
            TupleTag<OutputT> mainTag,
            List<TupleTag<?>> otherTags,
            K key,
            Coder<K> keyCoder,
            Coder<InputT> inputCoder) {
        this.mainTag = mainTag;
        this.otherTags = otherTags;
        this.key = key;
        this.coder = KvCoder.of(keyCoder, inputCoder);
        this.state = InMemoryStateInternals.forKey(key);
        this.running = fn;
        this.runner = start(fn);
    }

    /** A bundle of one element. */
    public void process(InputT input) {
        runner.startBundle();
        runner.processElement(WindowedValues.valueInGlobalWindow(KV.of(key, input)));
        runner.finishBundle();
    }

    /** Moves the watermark and fires what is due. */
    public void watermarkTo(Instant watermark) throws Exception {
        // These timers fire when the watermark has passed them, those of runners when it has reached them.
        timers.advanceInputWatermark(watermark.plus(1));
        for (TimerData due = timers.removeNextEventTimer(); due != null; due = timers.removeNextEventTimer()) {
            fire(due);
        }
    }

    /** Moves the clock and fires what is due. */
    public void clockTo(Instant time) throws Exception {
        timers.advanceProcessingTime(time.plus(1));
        for (TimerData due = timers.removeNextProcessingTimer();
                due != null;
                due = timers.removeNextProcessingTimer()) {
            fire(due);
        }
    }

    /** Goes on with the same state, but with a watermark that begins anew, as a runner does after a restart. */
    public void restartAs(DoFn<KV<K, InputT>, OutputT> fn) {
        timers = new InMemoryTimerInternals();
        restoreAs(fn);
    }

    /** Goes on with the same state and timers. */
    public void restoreAs(DoFn<KV<K, InputT>, OutputT> fn) {
        close();
        running = fn;
        runner = start(fn);
    }

    /** Ends the step. */
    public void close() {
        DoFnInvokers.invokerFor(running).invokeTeardown();
    }

    /** The end of the input, for a DoFn that asks for it. */
    public void endInput() {
        runner.startBundle();
        runner.onWindowExpiration(GlobalWindow.INSTANCE, GlobalWindow.INSTANCE.maxTimestamp(), key);
        runner.finishBundle();
    }

    /** What came out, of every output. */
    public List<Object> outputs() {
        return outputs;
    }

    /** Whether nothing is kept under the name of a state. */
    public boolean isForgotten(String name, StateSpec<? extends ReadableState<?>> spec) {
        Object kept = state.state(
                        StateNamespaces.window(GlobalWindow.Coder.INSTANCE, GlobalWindow.INSTANCE),
                        StateTags.tagForSpec(name, spec))
                .read();
        return kept == null
                || (kept instanceof Iterable<?> many && !many.iterator().hasNext());
    }

    public boolean hasPendingTimers() {
        return timers.hasPendingTimers();
    }

    private void fire(TimerData due) {
        runner.startBundle();
        runner.onTimer(
                due.getTimerId(),
                due.getTimerFamilyId(),
                key,
                GlobalWindow.INSTANCE,
                due.getTimestamp(),
                due.getOutputTimestamp(),
                due.getDomain());
        runner.finishBundle();
    }

    private DoFnRunner<KV<K, InputT>, OutputT> start(DoFn<KV<K, InputT>, OutputT> fn) {
        DoFnInvokers.tryInvokeSetupFor(fn, PipelineOptionsFactory.create());
        return DoFnRunners.simpleRunner(
                PipelineOptionsFactory.create(),
                fn,
                NullSideInputReader.empty(),
                new WindowedValueMultiReceiver() {
                    @Override
                    public <T> void output(TupleTag<T> tag, WindowedValue<T> output) {
                        outputs.add(output.getValue());
                    }
                },
                mainTag,
                otherTags,
                new InMemoryStep(),
                coder,
                Map.of(),
                WindowingStrategy.globalDefault(),
                DoFnSchemaInformation.create(),
                Map.of());
    }

    private final class InMemoryStep implements StepContext {
        @Override
        public StateInternals stateInternals() {
            return state;
        }

        @Override
        public TimerInternals timerInternals() {
            return timers;
        }
    }
}
