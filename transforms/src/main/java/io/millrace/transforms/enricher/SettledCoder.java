package io.millrace.transforms.enricher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.transforms.windowing.PaneInfo.PaneInfoCoder;

/** Encodes a {@link Settled} between two steps of one job. */
final class SettledCoder<InputT, ValueT> extends StructuredCoder<Settled<InputT, ValueT>> {
    private static final long serialVersionUID = 1;

    private final Coder<Enriched<InputT, ValueT>> enriched;
    private final Coder<Unenriched<InputT>> failed;

    SettledCoder(Coder<Enriched<InputT, ValueT>> enriched, Coder<Unenriched<InputT>> failed) {
        this.enriched = enriched;
        this.failed = failed;
    }

    @Override
    public void encode(Settled<InputT, ValueT> settled, OutputStream out) throws IOException {
        NullableCoder.of(enriched).encode(settled.enriched(), out);
        NullableCoder.of(failed).encode(settled.failed(), out);
        PaneInfoCoder.of().encode(settled.pane(), out);
    }

    @Override
    public Settled<InputT, ValueT> decode(InputStream in) throws IOException {
        return new Settled<>(
                NullableCoder.of(enriched).decode(in),
                NullableCoder.of(failed).decode(in),
                PaneInfoCoder.of().decode(in));
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(enriched, failed);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the coders of its parts must be deterministic", enriched, failed);
    }
}
