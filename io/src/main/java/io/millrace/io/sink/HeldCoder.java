package io.millrace.io.sink;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Encodes a {@link Held}: a version byte, then its parts. Deterministic. */
public final class HeldCoder extends AtomicCoder<Held> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;
    private static final Held.Sight[] SIGHTS = Held.Sight.values();
    private static final HeldCoder INSTANCE = new HeldCoder();

    private HeldCoder() {}

    /** The coder. */
    public static HeldCoder of() {
        return INSTANCE;
    }

    /** The coder, as Beam's registry asks for it through {@code @DefaultCoder}. */
    public static CoderProvider getCoderProvider() {
        return CoderProviders.forCoder(TypeDescriptor.of(Held.class), INSTANCE);
    }

    @Override
    public void encode(Held held, OutputStream out) throws IOException {
        out.write(VERSION);
        StringUtf8Coder.of().encode(held.key(), out);
        VarInt.encode(held.version() + 1, out);
        out.write(held.sight().ordinal());
        StringUtf8Coder.of().encode(held.name(), out);
    }

    @Override
    public Held decode(InputStream in) throws IOException {
        int version = in.read();
        if (version != VERSION) {
            throw new CoderException("held must be of version " + VERSION + ", but was of version " + version);
        }
        return new Held(
                StringUtf8Coder.of().decode(in),
                VarInt.decodeLong(in) - 1,
                SIGHTS[in.read()],
                StringUtf8Coder.of().decode(in));
    }
}
