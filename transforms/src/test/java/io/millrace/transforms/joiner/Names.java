package io.millrace.transforms.joiner;

import com.google.common.collect.Iterables;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/** Reduces names to one text, with a {@code +} between two. */
final class Names extends CombineFn<String, String, String> {
    private static final long serialVersionUID = 1;

    static final Reduced<String, String, String> REDUCED = new Reduced<>(new Names(), StringUtf8Coder.of());

    @Override
    public String createAccumulator() {
        return "";
    }

    @Override
    public String addInput(String names, String name) {
        return names.isEmpty() ? name : names + "+" + name;
    }

    @Override
    public String mergeAccumulators(Iterable<String> accumulators) {
        return String.join("+", Iterables.filter(accumulators, names -> !names.isEmpty()));
    }

    @Override
    public String extractOutput(String names) {
        return names;
    }

    @Override
    public Coder<String> getAccumulatorCoder(CoderRegistry registry, Coder<String> input) {
        return StringUtf8Coder.of();
    }

    @Override
    public Coder<String> getDefaultOutputCoder(CoderRegistry registry, Coder<String> input) {
        return StringUtf8Coder.of();
    }
}
