package io.millrace.transforms.joiner;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.joiner.Unjoined.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.jspecify.annotations.Nullable;

/** Encodes an {@link Unjoined}: a version byte, the side, the element, then why. Deterministic where the coders of elements are. */
public final class UnjoinedCoder<LeftT, RightT> extends StructuredCoder<Unjoined<LeftT, RightT>> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final Coder<LeftT> left;
    private final Coder<RightT> right;

    private UnjoinedCoder(Coder<LeftT> left, Coder<RightT> right) {
        this.left = left;
        this.right = right;
    }

    /** The coder of elements of these coders. */
    public static <LeftT, RightT> UnjoinedCoder<LeftT, RightT> of(Coder<LeftT> left, Coder<RightT> right) {
        return new UnjoinedCoder<>(left, right);
    }

    @Override
    public void encode(Unjoined<LeftT, RightT> unjoined, OutputStream out) throws IOException {
        out.write(VERSION);
        out.write(unjoined.side().ordinal());
        if (unjoined.side() == Side.LEFT) {
            left.encode(requireNonNull(unjoined.left()), out);
        } else {
            right.encode(requireNonNull(unjoined.right()), out);
        }
        out.write(unjoined.reason().ordinal());
        StringUtf8Coder.of().encode(unjoined.message(), out);
    }

    @Override
    public Unjoined<LeftT, RightT> decode(InputStream in) throws IOException {
        Versioned.read("unjoined", VERSION, in);
        Side side = Side.values()[in.read()];
        @Nullable LeftT leftElement = side == Side.LEFT ? left.decode(in) : null;
        @Nullable RightT rightElement = side == Side.RIGHT ? right.decode(in) : null;
        Reason reason = Reason.values()[in.read()];
        return new Unjoined<>(
                leftElement, rightElement, reason, StringUtf8Coder.of().decode(in));
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(left, right);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the coders of elements must be deterministic", left, right);
    }
}
