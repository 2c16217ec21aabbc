package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StructuredCoder;

/**
 * Encodes an {@link Arrival}: which of the two it is, and that. It may be in a savepoint, on its way between two steps; another layout is
 * another kind.
 */
final class ArrivalCoder<InputT, ValueT> extends StructuredCoder<Arrival<InputT, ValueT>> {
    private static final long serialVersionUID = 1;
    private static final int ELEMENT = 1;
    private static final int CHANGE = 2;

    private final Coder<InputT> input;
    private final Coder<Change<ValueT>> change;

    ArrivalCoder(Coder<InputT> input, Coder<Change<ValueT>> change) {
        this.input = input;
        this.change = change;
    }

    @Override
    public void encode(Arrival<InputT, ValueT> arrival, OutputStream out) throws IOException {
        Change<ValueT> changed = arrival.change();
        if (changed == null) {
            out.write(ELEMENT);
            input.encode(requireNonNull(arrival.input()), out);
        } else {
            out.write(CHANGE);
            change.encode(changed, out);
        }
    }

    @Override
    public Arrival<InputT, ValueT> decode(InputStream in) throws IOException {
        int kind = in.read();
        return switch (kind) {
            case ELEMENT -> Arrival.ofElement(input.decode(in));
            case CHANGE -> Arrival.ofChange(change.decode(in));
            default -> throw new CoderException("arrival must be of kind 1 or 2, but was of kind " + kind);
        };
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(input, change);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the coders of its parts must be deterministic", input, change);
    }
}
