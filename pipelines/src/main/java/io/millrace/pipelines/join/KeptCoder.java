package io.millrace.pipelines.join;

import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.ResultIdCoder;
import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Encodes a {@link Kept}, of which there is one in state for most events: a version byte, then what there is; one document is written once. */
final class KeptCoder extends AtomicCoder<Kept> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;
    private static final KeptCoder INSTANCE = new KeptCoder();
    private static final int LISTED = 1;
    private static final int WITH_ID = 2;
    private static final int WITH_WINDOWS = 4;
    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
    private static final ListCoder<byte[]> DOCUMENTS = ListCoder.of(BYTES);

    private KeptCoder() {}

    static KeptCoder of() {
        return INSTANCE;
    }

    @Override
    public void encode(Kept kept, OutputStream out) throws IOException {
        out.write(VERSION);
        VarInt.encode(kept.count(), out);
        if (kept.count() == 0) {
            return;
        }
        out.write(flags(kept));
        if (kept.count() == 1) {
            BYTES.encode(kept.first(), out);
        } else if (!kept.list().isEmpty()) {
            DOCUMENTS.encode(kept.list(), out);
        } else {
            BYTES.encode(kept.first(), out);
            BYTES.encode(kept.last(), out);
        }
        if (kept.firstId() != null) {
            ResultIdCoder.of().encode(kept.firstId(), out);
        }
        if (!kept.windows().isEmpty()) {
            WINDOWS.encode(kept.windows(), out);
        }
    }

    private static int flags(Kept kept) {
        return (kept.list().isEmpty() ? 0 : LISTED)
                | (kept.firstId() == null ? 0 : WITH_ID)
                | (kept.windows().isEmpty() ? 0 : WITH_WINDOWS);
    }

    @Override
    public Kept decode(InputStream in) throws IOException {
        Versioned.read("what is kept of a join", VERSION, in);
        long count = VarInt.decodeLong(in);
        if (count == 0) {
            return Kept.NOTHING;
        }
        int flags = in.read();
        boolean isListed = (flags & LISTED) != 0;
        List<byte[]> documents = documents(count, isListed, in);
        ResultId id = (flags & WITH_ID) == 0 ? null : ResultIdCoder.of().decode(in);
        List<WindowCount> windows = (flags & WITH_WINDOWS) == 0 ? List.of() : WINDOWS.decode(in);
        return kept(count, documents, isListed, id, windows);
    }

    private static List<byte[]> documents(long count, boolean isListed, InputStream in) throws IOException {
        if (count == 1) {
            return List.of(BYTES.decode(in));
        }
        return isListed ? DOCUMENTS.decode(in) : List.of(BYTES.decode(in), BYTES.decode(in));
    }

    private static Kept kept(
            long count, List<byte[]> documents, boolean isListed, @Nullable ResultId id, List<WindowCount> windows) {
        byte[] last = documents.get(documents.size() - 1);
        return new Kept(count, documents.get(0), last, isListed ? documents : List.of(), id, windows);
    }

    private static final class WindowCountCoder extends AtomicCoder<WindowCount> {
        private static final long serialVersionUID = 1;

        @Override
        public void encode(WindowCount window, OutputStream out) throws IOException {
            StringUtf8Coder.of().encode(window.by(), out);
            VarInt.encode(window.windowStart(), out);
            VarInt.encode(window.count(), out);
        }

        @Override
        public WindowCount decode(InputStream in) throws IOException {
            return new WindowCount(StringUtf8Coder.of().decode(in), VarInt.decodeLong(in), VarInt.decodeLong(in));
        }
    }

    private static final ListCoder<WindowCount> WINDOWS = ListCoder.of(new WindowCountCoder());
}
