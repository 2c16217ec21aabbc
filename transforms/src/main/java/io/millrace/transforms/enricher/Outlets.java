package io.millrace.transforms.enricher;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;

/** The two outputs of a step that looks up, and their coders; made where a pipeline is. */
final class Outlets<InputT, ValueT> {
    private final TupleTag<Enriched<InputT, ValueT>> results = new TupleTag<>("results");
    private final TupleTag<Unenriched<InputT>> deadLetters = new TupleTag<>("deadLetters");
    private final Coder<Enriched<InputT, ValueT>> enriched;
    private final Coder<Unenriched<InputT>> failed;

    private Outlets(Coder<InputT> input, Coder<ValueT> value) {
        this.enriched = EnrichedCoder.of(input, value);
        this.failed = UnenrichedCoder.of(input);
    }

    /** Those for some elements, with values of a coder. */
    static <InputT, ValueT> Outlets<InputT, ValueT> of(PCollection<InputT> elements, Coder<ValueT> value) {
        return new Outlets<>(elements.getCoder(), value);
    }

    /** The coder that a pipeline has for values of a type. */
    static <ValueT> Coder<ValueT> registered(Pipeline pipeline, TypeDescriptor<ValueT> type) {
        try {
            return pipeline.getCoderRegistry().getCoder(type);
        } catch (CannotProvideCoderException e) {
            throw new IllegalArgumentException(
                    "values of " + type + " must have a coder: give one by withValueCoder", e);
        }
    }

    /** What a step lets elements leave by. */
    Results<InputT, ValueT> results(Misses<ValueT> misses, LookupMetrics metrics) {
        return new Results<>(results, deadLetters, misses, metrics);
    }

    /** The step with its outputs. */
    <FromT> ParDo.MultiOutput<FromT, Enriched<InputT, ValueT>> tagged(
            ParDo.SingleOutput<FromT, Enriched<InputT, ValueT>> step) {
        return step.withOutputTags(results, TupleTagList.of(deadLetters));
    }

    /** What left the step. */
    Enrichment<InputT, ValueT> leaving(PCollectionTuple outputs) {
        return new Enrichment<>(
                results,
                outputs.get(results).setCoder(enriched),
                deadLetters,
                outputs.get(deadLetters).setCoder(failed));
    }
}
