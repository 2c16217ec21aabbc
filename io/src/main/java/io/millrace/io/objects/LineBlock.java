package io.millrace.io.objects;

import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.ResultIdCoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * Lines that wait to be written, as they are kept in state: of each its identity, its length and its bytes, one after the other.
 *
 * <p>State holds one block a bundle rather than one line an event, so that a runner copies bytes and not objects.
 */
final class LineBlock {
    static final StateCoder<LineBlock> CODER = new LineBlockCoder();

    private final byte[] bytes;

    private LineBlock(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A block of lines. */
    static LineBlock of(List<Line> lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (Line line : lines) {
                ResultIdCoder.of().encode(line.id(), out);
                VarInt.encode(line.length(), out);
                line.writeTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new LineBlock(out.toByteArray());
    }

    /** A block of the lines of events, each of which can be a line. */
    static LineBlock ofEvents(List<EventBatch.Timed> events) {
        return of(events.stream().map(timed -> Line.of(timed.event())).toList());
    }

    int sizeBytes() {
        return bytes.length;
    }

    /** Gives each line, which stays a view of this block. */
    void forEach(Consumer<Line> lines) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try {
            while (in.available() > 0) {
                ResultId id = ResultIdCoder.of().decode(in);
                int length = VarInt.decodeInt(in);
                lines.accept(new Line(id, bytes, bytes.length - in.available(), length));
                in.skipNBytes(length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LineBlock that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    private static final class LineBlockCoder extends StateCoder<LineBlock> {
        private static final long serialVersionUID = 1;

        LineBlockCoder() {
            super("line block");
        }

        @Override
        void encodeParts(LineBlock block, OutputStream out) throws IOException {
            VarInt.encode(block.bytes.length, out);
            out.write(block.bytes);
        }

        @Override
        LineBlock decodeParts(InputStream in) throws IOException {
            return new LineBlock(in.readNBytes(VarInt.decodeInt(in)));
        }
    }
}
