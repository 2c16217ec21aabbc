package io.millrace.io.bulkhead;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;

/** It is time for one part of so many to do something. */
record Tick(int part, int parts) implements Serializable {
    static final Coder<Tick> CODER = new TickCoder();

    private static final class TickCoder extends AtomicCoder<Tick> {
        private static final long serialVersionUID = 1;

        @Override
        public void encode(Tick tick, OutputStream out) throws IOException {
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(tick.part);
            data.writeInt(tick.parts);
        }

        @Override
        public Tick decode(InputStream in) throws IOException {
            DataInputStream data = new DataInputStream(in);
            return new Tick(data.readInt(), data.readInt());
        }
    }
}
