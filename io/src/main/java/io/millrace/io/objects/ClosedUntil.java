package io.millrace.io.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.InstantCoder;
import org.joda.time.Instant;

/**
 * How far a shard's windows are closed.
 *
 * @param time windows that end then or before take no more events
 */
record ClosedUntil(Instant time) {
    static final StateCoder<ClosedUntil> CODER = new ClosedUntilCoder();

    private static final class ClosedUntilCoder extends StateCoder<ClosedUntil> {
        private static final long serialVersionUID = 1;

        ClosedUntilCoder() {
            super("closed until");
        }

        @Override
        void encodeParts(ClosedUntil closedUntil, OutputStream out) throws IOException {
            InstantCoder.of().encode(closedUntil.time, out);
        }

        @Override
        ClosedUntil decodeParts(InputStream in) throws IOException {
            return new ClosedUntil(InstantCoder.of().decode(in));
        }
    }
}
