package io.millrace.transforms.enricher;

import io.millrace.transforms.enricher.Enriched.From;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Encodes an {@link Enriched}: a version byte, then its parts, times in whole milliseconds. Deterministic where the coders of its parts are. */
public final class EnrichedCoder<InputT, ValueT> extends StructuredCoder<Enriched<InputT, ValueT>> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final Coder<InputT> input;
    private final Coder<@Nullable ValueT> value;

    private EnrichedCoder(Coder<InputT> input, Coder<@Nullable ValueT> value) {
        this.input = input;
        this.value = value;
    }

    /** The coder of elements and values of these coders. */
    public static <InputT, ValueT> EnrichedCoder<InputT, ValueT> of(Coder<InputT> input, Coder<ValueT> value) {
        return new EnrichedCoder<>(input, NullableCoder.of(value));
    }

    /** The coder of elements of a coder, and of values of one that encodes null too. */
    static <InputT, ValueT> EnrichedCoder<InputT, ValueT> ofNullable(
            Coder<InputT> input, Coder<@Nullable ValueT> value) {
        return new EnrichedCoder<>(input, value);
    }

    @Override
    public void encode(Enriched<InputT, ValueT> enriched, OutputStream out) throws IOException {
        out.write(VERSION);
        input.encode(enriched.input(), out);
        value.encode(enriched.value(), out);
        VarInt.encode(enriched.obtainedAt().toEpochMilli(), out);
        VarInt.encode(enriched.age().toMillis(), out);
        out.write(enriched.from().ordinal());
    }

    @Override
    public Enriched<InputT, ValueT> decode(InputStream in) throws IOException {
        int version = in.read();
        if (version != VERSION) {
            throw new CoderException("enriched must be of version " + VERSION + ", but was of version " + version);
        }
        return new Enriched<>(
                input.decode(in),
                value.decode(in),
                Instant.ofEpochMilli(VarInt.decodeLong(in)),
                Duration.ofMillis(VarInt.decodeLong(in)),
                From.values()[in.read()]);
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(input, value);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the element's coder must be deterministic", input);
        verifyDeterministic(this, "the value's coder must be deterministic", value);
    }
}
