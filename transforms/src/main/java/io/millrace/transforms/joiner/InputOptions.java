package io.millrace.transforms.joiner;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.time.Duration;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is said of one of the two inputs.
 *
 * @param side which
 * @param await how long an element waits for the other input's; null if that is not said
 * @param lookback how far an element looks back for them; null if that is not said
 * @param id what an element has in common with its duplicates; null where they are not to be known
 * @param fn how elements are reduced
 * @param granule elements of such a span of time may be merged; zero for none
 */
record InputOptions<InputT, OutputT>(
        Side side,
        @Nullable Duration await,
        @Nullable Duration lookback,
        @Nullable SerializableFunction<InputT, String> id,
        CombineFn<InputT, ?, OutputT> fn,
        Duration granule)
        implements Serializable {

    static <InputT, OutputT> InputOptions<InputT, OutputT> of(Side side, CombineFn<InputT, ?, OutputT> fn) {
        return new InputOptions<>(side, null, null, null, fn, Duration.ZERO);
    }

    InputOptions<InputT, OutputT> withWait(Duration atMost) {
        return new InputOptions<>(side, bound("Wait", atMost), lookback, id, fn, granule);
    }

    InputOptions<InputT, OutputT> withLookback(Duration atMost) {
        return new InputOptions<>(side, await, bound("Lookback", atMost), id, fn, granule);
    }

    InputOptions<InputT, OutputT> withId(SerializableFunction<InputT, String> function) {
        return new InputOptions<>(side, await, lookback, function, fn, granule);
    }

    <ReducedT> InputOptions<InputT, ReducedT> reducedBy(CombineFn<InputT, ?, ReducedT> function, Duration every) {
        checkArgument(
                every.isZero() || every.toMillis() >= 1,
                "the granule of %s elements must be at least a millisecond, or zero for none, but was %s",
                side.text(),
                every);
        return new InputOptions<>(side, await, lookback, id, function, Bounds.checked(side.text() + "Granule", every));
    }

    private Duration bound(String what, Duration value) {
        return Bounds.checked(side.text() + what, value);
    }

    Coder<OutputT> outputCoder(CoderRegistry registry, Coder<InputT> coder) {
        try {
            return fn.getDefaultOutputCoder(registry, coder);
        } catch (CannotProvideCoderException e) {
            throw withoutCoder("what it gives out", "getDefaultOutputCoder", e);
        }
    }

    Input<InputT, OutputT> input(CoderRegistry registry, Coder<InputT> coder) {
        return new Input<>(side, id, reduced(fn, registry, coder), coder);
    }

    private <AccumT> Reduced<InputT, AccumT, OutputT> reduced(
            CombineFn<InputT, AccumT, OutputT> function, CoderRegistry registry, Coder<InputT> coder) {
        try {
            return new Reduced<>(function, function.getAccumulatorCoder(registry, coder));
        } catch (CannotProvideCoderException e) {
            throw withoutCoder("its accumulators", "getAccumulatorCoder", e);
        }
    }

    private IllegalArgumentException withoutCoder(String what, String method, CannotProvideCoderException cause) {
        return new IllegalArgumentException(
                "what reduces %s elements must have a coder for %s: override %s, or register one for the type"
                        .formatted(side.text(), what, method),
                cause);
    }
}
