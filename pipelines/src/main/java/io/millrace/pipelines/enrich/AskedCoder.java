package io.millrace.pipelines.enrich;

import io.millrace.transforms.event.EventCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Encodes an {@link Asked}, which may wait in state: a version byte, the event and the key. */
final class AskedCoder extends AtomicCoder<Asked> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;
    private static final AskedCoder INSTANCE = new AskedCoder();

    private AskedCoder() {}

    static AskedCoder of() {
        return INSTANCE;
    }

    @Override
    public void encode(Asked asked, OutputStream out) throws IOException {
        out.write(VERSION);
        EventCoder.of().encode(asked.event(), out);
        StringUtf8Coder.of().encode(asked.key(), out);
    }

    @Override
    public Asked decode(InputStream in) throws IOException {
        int version = in.read();
        if (version != VERSION) {
            throw new CoderException("asked event must be of version " + VERSION + ", but was of version " + version);
        }
        return new Asked(EventCoder.of().decode(in), StringUtf8Coder.of().decode(in));
    }
}
