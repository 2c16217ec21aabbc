package io.millrace.transforms.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Encodes a {@link ResultId}: a version byte, the origins in their order, the step and the ordinal. Deterministic. */
public final class ResultIdCoder extends AtomicCoder<ResultId> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;
    private static final ResultIdCoder INSTANCE = new ResultIdCoder();

    private ResultIdCoder() {}

    /** The coder. */
    public static ResultIdCoder of() {
        return INSTANCE;
    }

    /** The coder, as Beam's registry asks for it through {@code @DefaultCoder}. */
    public static CoderProvider getCoderProvider() {
        return CoderProviders.forCoder(TypeDescriptor.of(ResultId.class), INSTANCE);
    }

    @Override
    public void encode(ResultId id, OutputStream out) throws IOException {
        Encoding.writeVersion(VERSION, out);
        VarInt.encode(id.origins().size(), out);
        for (Origin origin : id.origins()) {
            Encoding.writeText(origin.stream(), out);
            VarInt.encode(origin.partition(), out);
            VarInt.encode(origin.offset(), out);
        }
        Encoding.writeText(id.step(), out);
        VarInt.encode(id.ordinal(), out);
    }

    @Override
    public ResultId decode(InputStream in) throws IOException {
        Encoding.readVersion("result id", VERSION, in);
        int size = VarInt.decodeInt(in);
        List<Origin> origins = new ArrayList<>(size);
        for (int position = 0; position < size; position++) {
            origins.add(new Origin(Encoding.readText(in), VarInt.decodeInt(in), VarInt.decodeLong(in)));
        }
        return new ResultId(origins, Encoding.readText(in), VarInt.decodeInt(in));
    }
}
