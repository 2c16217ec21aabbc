package io.millrace.transforms.joiner;

import com.google.common.collect.Streams;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/** How many there are, the first and the last, as {@code 3: a to c}. What is kept is the number and these two, as texts. */
final class CountFirstLast extends CombineFn<String, List<String>, String> {
    private static final long serialVersionUID = 1;

    @Override
    public List<String> createAccumulator() {
        return List.of();
    }

    @Override
    public List<String> addInput(List<String> before, String name) {
        return mergeAccumulators(List.of(before, List.of("1", name, name)));
    }

    @Override
    public List<String> mergeAccumulators(Iterable<List<String>> accumulators) {
        return Streams.stream(accumulators).filter(one -> !one.isEmpty()).reduce(List.of(), CountFirstLast::merged);
    }

    private static List<String> merged(List<String> earlier, List<String> later) {
        return earlier.isEmpty() ? later : List.of(count(earlier) + count(later) + "", earlier.get(1), later.get(2));
    }

    private static int count(List<String> accumulator) {
        return Integer.parseInt(accumulator.get(0));
    }

    @Override
    public String extractOutput(List<String> all) {
        return all.isEmpty() ? "none" : all.get(0) + ": " + all.get(1) + " to " + all.get(2);
    }

    @Override
    public Coder<List<String>> getAccumulatorCoder(CoderRegistry registry, Coder<String> input) {
        return ListCoder.of(StringUtf8Coder.of());
    }

    @Override
    public Coder<String> getDefaultOutputCoder(CoderRegistry registry, Coder<String> input) {
        return StringUtf8Coder.of();
    }
}
