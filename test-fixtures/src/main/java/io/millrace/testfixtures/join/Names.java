package io.millrace.testfixtures.join;

import java.util.StringJoiner;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/** Reduces names to one text, with a {@code +} between two, so that it shows in which order they were merged. */
public final class Names extends CombineFn<String, String, String> {
    private static final long serialVersionUID = 1;

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
        StringJoiner all = new StringJoiner("+");
        for (String names : accumulators) {
            if (!names.isEmpty()) {
                all.add(names);
            }
        }
        return all.toString();
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
