package io.millrace.pipelines.join;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/** Reduces events of one side to what is kept of them. */
final class KeptFn extends CombineFn<Joinable, Kept, Kept> {
    private static final long serialVersionUID = 1;

    private final boolean lists;
    private final boolean identifies;
    private final long window;

    /**
     * What is kept.
     *
     * @param lists whether the documents of all are
     * @param identifies whether the identity of the first is
     * @param window how long the windows are by which they are counted, in milliseconds; 0 if they are not
     */
    KeptFn(boolean lists, boolean identifies, long window) {
        this.lists = lists;
        this.identifies = identifies;
        this.window = window;
    }

    @Override
    public Kept createAccumulator() {
        return Kept.NOTHING;
    }

    @Override
    public Kept addInput(Kept before, Joinable event) {
        byte[] document = event.document();
        return before.and(new Kept(
                1,
                document,
                document,
                lists ? List.of(document) : List.of(),
                identifies ? event.event().id() : null,
                window == 0 ? List.of() : List.of(window(event))));
    }

    private WindowCount window(Joinable event) {
        return new WindowCount(event.by(), Math.floorDiv(event.time(), window) * window, 1);
    }

    @Override
    public Kept mergeAccumulators(Iterable<Kept> accumulators) {
        Kept all = Kept.NOTHING;
        List<byte[]> documents = new ArrayList<>();
        for (Kept one : accumulators) {
            documents.addAll(one.list());
            all = all.and(one.withList(List.of()));
        }
        return all.withList(documents);
    }

    @Override
    public Kept extractOutput(Kept kept) {
        return kept;
    }

    @Override
    public Coder<Kept> getAccumulatorCoder(CoderRegistry registry, Coder<Joinable> inputs) {
        return KeptCoder.of();
    }

    @Override
    public Coder<Kept> getDefaultOutputCoder(CoderRegistry registry, Coder<Joinable> inputs) {
        return KeptCoder.of();
    }
}
