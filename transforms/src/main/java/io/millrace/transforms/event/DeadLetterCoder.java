package io.millrace.transforms.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.InstantCoder;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Encodes a {@link DeadLetter}: a version byte, then its parts. Deterministic. */
public final class DeadLetterCoder extends AtomicCoder<DeadLetter> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;
    private static final DeadLetterCoder INSTANCE = new DeadLetterCoder();

    private DeadLetterCoder() {}

    /** The coder. */
    public static DeadLetterCoder of() {
        return INSTANCE;
    }

    /** The coder, as Beam's registry asks for it through {@code @DefaultCoder}. */
    public static CoderProvider getCoderProvider() {
        return CoderProviders.forCoder(TypeDescriptor.of(DeadLetter.class), INSTANCE);
    }

    @Override
    public void encode(DeadLetter deadLetter, OutputStream out) throws IOException {
        Encoding.writeVersion(VERSION, out);
        EventCoder.of().encode(deadLetter.event(), out);
        Encoding.writeText(deadLetter.route(), out);
        Encoding.writeText(deadLetter.step(), out);
        Encoding.writeText(deadLetter.reason().text(), out);
        Encoding.writeText(deadLetter.message(), out);
        InstantCoder.of().encode(deadLetter.eventTime(), out);
    }

    @Override
    public DeadLetter decode(InputStream in) throws IOException {
        Encoding.readVersion("dead letter", VERSION, in);
        return new DeadLetter(
                EventCoder.of().decode(in),
                Encoding.readText(in),
                Encoding.readText(in),
                DeadLetter.Reason.parse(Encoding.readText(in)),
                Encoding.readText(in),
                InstantCoder.of().decode(in));
    }
}
