package io.millrace.pipelines.join;

import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Encodes a {@link Joinable} on its way to where it is joined: a version byte, then its parts. */
final class JoinableCoder extends AtomicCoder<Joinable> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;
    private static final JoinableCoder INSTANCE = new JoinableCoder();
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    private JoinableCoder() {}

    static JoinableCoder of() {
        return INSTANCE;
    }

    @Override
    public void encode(Joinable joinable, OutputStream out) throws IOException {
        out.write(VERSION);
        EventCoder.of().encode(joinable.event(), out);
        VarLongCoder.of().encode(joinable.time(), out);
        ByteArrayCoder.of().encode(joinable.document(), out);
        TEXT.encode(joinable.id(), out);
        TEXT.encode(joinable.by(), out);
    }

    @Override
    public Joinable decode(InputStream in) throws IOException {
        Versioned.read("event of a join", VERSION, in);
        return new Joinable(
                EventCoder.of().decode(in),
                VarLongCoder.of().decode(in),
                ByteArrayCoder.of().decode(in),
                TEXT.decode(in),
                TEXT.decode(in));
    }
}
