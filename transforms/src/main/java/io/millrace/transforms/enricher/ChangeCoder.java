package io.millrace.transforms.enricher;

import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Encodes a {@link Change}: a version byte, the sequence number and the value. Deterministic where the coder of values is. */
public final class ChangeCoder<ValueT> extends StructuredCoder<Change<ValueT>> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final Coder<@Nullable ValueT> value;

    private ChangeCoder(Coder<@Nullable ValueT> value) {
        this.value = value;
    }

    /** The coder of changes with values of this coder. */
    public static <ValueT> ChangeCoder<ValueT> of(Coder<ValueT> value) {
        return new ChangeCoder<>(NullableCoder.of(value));
    }

    /** The coder of values, which may be null. */
    Coder<@Nullable ValueT> value() {
        return value;
    }

    @Override
    public void encode(Change<ValueT> change, OutputStream out) throws IOException {
        out.write(VERSION);
        VarInt.encode(change.sequence(), out);
        value.encode(change.value(), out);
    }

    @Override
    public Change<ValueT> decode(InputStream in) throws IOException {
        Versioned.read("change", VERSION, in);
        long sequence = VarInt.decodeLong(in);
        return new Change<>(value.decode(in), sequence);
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(value);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the value's coder must be deterministic", value);
    }
}
