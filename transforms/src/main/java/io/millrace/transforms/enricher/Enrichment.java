package io.millrace.transforms.enricher;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link Enrich} and the other ways to have the data make of elements. */
public final class Enrichment<InputT, ValueT> implements POutput {
    private final TupleTag<Enriched<InputT, ValueT>> resultsTag;
    private final PCollection<Enriched<InputT, ValueT>> results;
    private final TupleTag<Unenriched<InputT>> deadLettersTag;
    private final PCollection<Unenriched<InputT>> deadLetters;

    Enrichment(
            TupleTag<Enriched<InputT, ValueT>> resultsTag,
            PCollection<Enriched<InputT, ValueT>> results,
            TupleTag<Unenriched<InputT>> deadLettersTag,
            PCollection<Unenriched<InputT>> deadLetters) {
        this.resultsTag = resultsTag;
        this.results = results;
        this.deadLettersTag = deadLettersTag;
        this.deadLetters = deadLetters;
    }

    /** The elements with what was looked up for them. */
    public PCollection<Enriched<InputT, ValueT>> results() {
        return results;
    }

    /** The elements that could not be enriched, and why. */
    public PCollection<Unenriched<InputT>> deadLetters() {
        return deadLetters;
    }

    @Override
    public Pipeline getPipeline() {
        return results.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
        return Map.of(resultsTag, results, deadLettersTag, deadLetters);
    }

    @Override
    public void finishSpecifyingOutput(String transformName, PInput input, PTransform<?, ?> transform) {}
}
