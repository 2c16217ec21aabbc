package io.millrace.transforms.joiner;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.util.CoderUtils;

/**
 * How the elements of an input become what is kept of them, and what comes out.
 *
 * @param fn what reduces them; merged are those of earlier times with those of later ones, in this order
 * @param coder of accumulators
 */
record Reduced<InputT, AccumT, OutputT>(CombineFn<InputT, AccumT, OutputT> fn, Coder<AccumT> coder)
        implements Serializable {

    /** What is kept of one element. */
    byte[] kept(InputT input) {
        return encoded(fn.addInput(fn.createAccumulator(), input));
    }

    /** What is kept of several. */
    byte[] kept(List<Entry> entries) {
        return entries.size() == 1 ? entries.get(0).content() : encoded(merged(entries));
    }

    /** What comes out of an element, of several, or of none. */
    OutputT output(List<Entry> entries) {
        return fn.extractOutput(merged(entries));
    }

    private AccumT merged(List<Entry> entries) {
        if (entries.isEmpty()) {
            return fn.createAccumulator();
        }
        if (entries.size() == 1) {
            return decoded(entries.get(0));
        }
        return fn.mergeAccumulators(entries.stream().map(this::decoded).toList());
    }

    private AccumT decoded(Entry entry) {
        try {
            return CoderUtils.decodeFromByteArray(coder, entry.content());
        } catch (IOException e) {
            throw new UncheckedIOException("what is kept of a join must be readable", e);
        }
    }

    private byte[] encoded(AccumT accumulator) {
        try {
            return CoderUtils.encodeToByteArray(coder, accumulator);
        } catch (IOException e) {
            throw new UncheckedIOException("what is kept of a join must be writable", e);
        }
    }
}
