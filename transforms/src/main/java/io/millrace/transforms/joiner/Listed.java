package io.millrace.transforms.joiner;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/** All elements, as they are. */
final class Listed<T> extends CombineFn<T, List<T>, List<T>> {
    private static final long serialVersionUID = 1;

    @Override
    public List<T> createAccumulator() {
        return new ArrayList<>();
    }

    @Override
    public List<T> addInput(List<T> list, T element) {
        list.add(element);
        return list;
    }

    @Override
    public List<T> mergeAccumulators(Iterable<List<T>> lists) {
        List<T> all = new ArrayList<>();
        lists.forEach(all::addAll);
        return all;
    }

    @Override
    public List<T> extractOutput(List<T> list) {
        return list;
    }

    @Override
    public Coder<List<T>> getAccumulatorCoder(CoderRegistry registry, Coder<T> element) {
        return ListCoder.of(element);
    }

    @Override
    public Coder<List<T>> getDefaultOutputCoder(CoderRegistry registry, Coder<T> element) {
        return ListCoder.of(element);
    }
}
