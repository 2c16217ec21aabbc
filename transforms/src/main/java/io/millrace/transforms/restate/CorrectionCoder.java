package io.millrace.transforms.restate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StructuredCoder;

/** Encodes a {@link Correction}: a version byte, then what was before and what is now, each if there is any. */
public final class CorrectionCoder<ValueT> extends StructuredCoder<Correction<ValueT>> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final Coder<ValueT> values;
    private final NullableCoder<ValueT> orNone;

    private CorrectionCoder(Coder<ValueT> values) {
        this.values = values;
        this.orNone = NullableCoder.of(values);
    }

    /** The coder for values of a coder. */
    public static <ValueT> CorrectionCoder<ValueT> of(Coder<ValueT> values) {
        return new CorrectionCoder<>(values);
    }

    @Override
    public void encode(Correction<ValueT> correction, OutputStream out) throws IOException {
        out.write(VERSION);
        orNone.encode(correction.before(), out);
        orNone.encode(correction.now(), out);
    }

    @Override
    public Correction<ValueT> decode(InputStream in) throws IOException {
        int version = in.read();
        if (version != VERSION) {
            throw new CoderException("correction must be of version " + VERSION + ", but was of version " + version);
        }
        return new Correction<>(orNone.decode(in), orNone.decode(in));
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(values);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the coder of values must be deterministic", values);
    }
}
