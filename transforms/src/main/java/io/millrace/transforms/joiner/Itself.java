package io.millrace.transforms.joiner;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.Iterables;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.jspecify.annotations.Nullable;

/** One element as it is; there is never another to merge it with. */
final class Itself<T> extends CombineFn<T, @Nullable T, T> {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable T createAccumulator() {
        return null;
    }

    @Override
    public T addInput(@Nullable T none, T element) {
        return element;
    }

    @Override
    public @Nullable T mergeAccumulators(Iterable<@Nullable T> elements) {
        return Iterables.getOnlyElement(elements);
    }

    @Override
    public T extractOutput(@Nullable T element) {
        return requireNonNull(element);
    }

    @Override
    public Coder<@Nullable T> getAccumulatorCoder(CoderRegistry registry, Coder<T> element) {
        return element;
    }

    @Override
    public Coder<T> getDefaultOutputCoder(CoderRegistry registry, Coder<T> element) {
        return element;
    }
}
