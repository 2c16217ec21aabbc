package io.millrace.pipelines.enrich;

import io.millrace.transforms.event.EventCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Encodes an {@link Asked} between two steps of one job. */
final class AskedCoder extends AtomicCoder<Asked> {
    private static final long serialVersionUID = 1;
    private static final AskedCoder INSTANCE = new AskedCoder();

    private AskedCoder() {}

    static AskedCoder of() {
        return INSTANCE;
    }

    @Override
    public void encode(Asked asked, OutputStream out) throws IOException {
        EventCoder.of().encode(asked.event(), out);
        StringUtf8Coder.of().encode(asked.key(), out);
    }

    @Override
    public Asked decode(InputStream in) throws IOException {
        return new Asked(EventCoder.of().decode(in), StringUtf8Coder.of().decode(in));
    }
}
