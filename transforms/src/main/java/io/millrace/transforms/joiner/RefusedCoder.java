package io.millrace.transforms.joiner;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.joiner.Refused.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.jspecify.annotations.Nullable;

/** Encodes a {@link Refused}: a version byte, the side, the element, then why. Deterministic where the coders of elements are. */
public final class RefusedCoder<LeftT, RightT> extends StructuredCoder<Refused<LeftT, RightT>> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final Coder<LeftT> left;
    private final Coder<RightT> right;

    private RefusedCoder(Coder<LeftT> left, Coder<RightT> right) {
        this.left = left;
        this.right = right;
    }

    /** The coder of elements of these coders. */
    public static <LeftT, RightT> RefusedCoder<LeftT, RightT> of(Coder<LeftT> left, Coder<RightT> right) {
        return new RefusedCoder<>(left, right);
    }

    @Override
    public void encode(Refused<LeftT, RightT> refused, OutputStream out) throws IOException {
        out.write(VERSION);
        out.write(refused.side().ordinal());
        if (refused.side() == Side.LEFT) {
            left.encode(requireNonNull(refused.left()), out);
        } else {
            right.encode(requireNonNull(refused.right()), out);
        }
        out.write(refused.reason().ordinal());
        StringUtf8Coder.of().encode(refused.message(), out);
    }

    @Override
    public Refused<LeftT, RightT> decode(InputStream in) throws IOException {
        Versioned.read("refused", VERSION, in);
        Side side = Side.values()[in.read()];
        @Nullable LeftT leftElement = side == Side.LEFT ? left.decode(in) : null;
        @Nullable RightT rightElement = side == Side.RIGHT ? right.decode(in) : null;
        Reason reason = Reason.values()[in.read()];
        return new Refused<>(
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
