package io.millrace.transforms.view;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link Materialize} gives. */
public final class MaterializedView<EventT, ItemT> implements POutput {
    private final ViewTags<EventT, ItemT> tags;
    private final PCollection<KV<String, ViewUpdate<ItemT>>> updates;
    private final PCollection<ViewAnswer<ItemT>> answers;
    private final PCollection<Refused<EventT>> refused;

    MaterializedView(
            ViewTags<EventT, ItemT> tags,
            PCollection<KV<String, ViewUpdate<ItemT>>> updates,
            PCollection<ViewAnswer<ItemT>> answers,
            PCollection<Refused<EventT>> refused) {
        this.tags = tags;
        this.updates = updates;
        this.answers = answers;
        this.refused = refused;
    }

    /** What keys are from now on, those of one key in their order. */
    public PCollection<KV<String, ViewUpdate<ItemT>>> updates() {
        return updates;
    }

    /** What those who asked are told. */
    public PCollection<ViewAnswer<ItemT>> answers() {
        return answers;
    }

    /** The events, and the entries of full publishes, that are not in the view. */
    public PCollection<Refused<EventT>> refused() {
        return refused;
    }

    @Override
    public Pipeline getPipeline() {
        return updates.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
        return Map.of(tags.updates(), updates, tags.answers(), answers, tags.refused(), refused);
    }

    @Override
    public void finishSpecifyingOutput(String name, PInput input, PTransform<?, ?> transform) {}
}
