package io.millrace.transforms.joiner;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.joiner.Trace.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.InstantCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.joda.time.Instant;

/** Encodes a {@link Trace}: a version byte, then its parts in their order. Deterministic. */
public final class TraceCoder extends AtomicCoder<Trace> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;
    private static final TraceCoder INSTANCE = new TraceCoder();
    private static final InstantCoder TIME = InstantCoder.of();
    private static final ListCoder<Instant> TIMES = ListCoder.of(TIME);
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    private TraceCoder() {}

    /** The coder. */
    public static TraceCoder of() {
        return INSTANCE;
    }

    @Override
    public void encode(Trace trace, OutputStream out) throws IOException {
        out.write(VERSION);
        out.write(trace.step().ordinal());
        out.write(trace.side().ordinal());
        TIME.encode(trace.time(), out);
        TEXT.encode(trace.id(), out);
        VarInt.encode(trace.bytes(), out);
        TIMES.encode(trace.lefts(), out);
        TIME.encode(trace.watermark(), out);
        TIME.encode(trace.at(), out);
    }

    @Override
    public Trace decode(InputStream in) throws IOException {
        Versioned.read("trace", VERSION, in);
        Step step = Step.values()[in.read()];
        Side side = Side.values()[in.read()];
        Instant time = TIME.decode(in);
        String id = TEXT.decode(in);
        int bytes = VarInt.decodeInt(in);
        List<Instant> lefts = TIMES.decode(in);
        return new Trace(step, side, time, id, bytes, lefts, TIME.decode(in), TIME.decode(in));
    }
}
