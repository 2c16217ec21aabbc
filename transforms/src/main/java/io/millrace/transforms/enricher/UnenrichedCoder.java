package io.millrace.transforms.enricher;

import io.millrace.transforms.enricher.Unenriched.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.StructuredCoder;

/** Encodes an {@link Unenriched}: a version byte, then its parts. Deterministic where the coder of elements is. */
public final class UnenrichedCoder<InputT> extends StructuredCoder<Unenriched<InputT>> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final Coder<InputT> input;

    private UnenrichedCoder(Coder<InputT> input) {
        this.input = input;
    }

    /** The coder of elements of this coder. */
    public static <InputT> UnenrichedCoder<InputT> of(Coder<InputT> input) {
        return new UnenrichedCoder<>(input);
    }

    @Override
    public void encode(Unenriched<InputT> unenriched, OutputStream out) throws IOException {
        out.write(VERSION);
        input.encode(unenriched.input(), out);
        out.write(unenriched.reason().ordinal());
        StringUtf8Coder.of().encode(unenriched.message(), out);
    }

    @Override
    public Unenriched<InputT> decode(InputStream in) throws IOException {
        int version = in.read();
        if (version != VERSION) {
            throw new CoderException("unenriched must be of version " + VERSION + ", but was of version " + version);
        }
        return new Unenriched<>(
                input.decode(in),
                Reason.values()[in.read()],
                StringUtf8Coder.of().decode(in));
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(input);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the element's coder must be deterministic", input);
    }
}
