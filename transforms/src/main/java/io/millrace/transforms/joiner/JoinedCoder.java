package io.millrace.transforms.joiner;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.joiner.Joined.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;

/** Encodes a {@link Joined}: a version byte, the stage, then its parts. Deterministic where the coders of these are. */
public final class JoinedCoder<LeftT, RightT> extends StructuredCoder<Joined<LeftT, RightT>> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final Coder<LeftT> left;
    private final Coder<RightT> right;

    private JoinedCoder(Coder<LeftT> left, Coder<RightT> right) {
        this.left = left;
        this.right = right;
    }

    /** The coder of results with parts of these coders. */
    public static <LeftT, RightT> JoinedCoder<LeftT, RightT> of(Coder<LeftT> left, Coder<RightT> right) {
        return new JoinedCoder<>(left, right);
    }

    @Override
    public void encode(Joined<LeftT, RightT> joined, OutputStream out) throws IOException {
        out.write(VERSION);
        out.write(joined.stage().ordinal());
        left.encode(joined.left(), out);
        right.encode(joined.right(), out);
    }

    @Override
    public Joined<LeftT, RightT> decode(InputStream in) throws IOException {
        Versioned.read("joined", VERSION, in);
        Stage stage = Stage.values()[in.read()];
        LeftT leftPart = left.decode(in);
        return new Joined<>(leftPart, right.decode(in), stage);
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(left, right);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the coders of its parts must be deterministic", left, right);
    }
}
