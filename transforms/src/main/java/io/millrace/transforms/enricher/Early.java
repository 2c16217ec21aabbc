package io.millrace.transforms.enricher;

import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.util.VarInt;

/**
 * An element that waits until the watermark has passed its time.
 *
 * @param time in epoch milliseconds
 * @param input the element
 */
record Early<InputT>(long time, InputT input) {

    static <InputT> Coder<Early<InputT>> coder(Coder<InputT> input) {
        return new EarlyCoder<>(input);
    }

    private static final class EarlyCoder<InputT> extends StructuredCoder<Early<InputT>> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        private final Coder<InputT> input;

        EarlyCoder(Coder<InputT> input) {
            this.input = input;
        }

        @Override
        public void encode(Early<InputT> early, OutputStream out) throws IOException {
            out.write(VERSION);
            VarInt.encode(early.time, out);
            input.encode(early.input, out);
        }

        @Override
        public Early<InputT> decode(InputStream in) throws IOException {
            Versioned.read("early element", VERSION, in);
            long time = VarInt.decodeLong(in);
            return new Early<>(time, input.decode(in));
        }

        @Override
        public List<? extends Coder<?>> getCoderArguments() {
            return List.of(input);
        }

        @Override
        public void verifyDeterministic() throws NonDeterministicException {
            verifyDeterministic(this, "the element's coder must be deterministic", input);
        }
    }
}
