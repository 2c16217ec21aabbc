package io.millrace.transforms.view;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.view.ViewAnswer.Told;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.util.VarInt;

/** Encodes a {@link ViewAnswer}: a version byte, then its parts. Deterministic where the coder of items is. */
public final class ViewAnswerCoder<ItemT> extends StructuredCoder<ViewAnswer<ItemT>> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    private final Coder<ViewUpdate<ItemT>> update;

    private ViewAnswerCoder(Coder<ViewUpdate<ItemT>> update) {
        this.update = update;
    }

    /** The coder of answers with items of this coder. */
    public static <ItemT> ViewAnswerCoder<ItemT> of(Coder<ItemT> item) {
        return new ViewAnswerCoder<>(ViewUpdateCoder.of(item));
    }

    @Override
    public void encode(ViewAnswer<ItemT> answer, OutputStream out) throws IOException {
        out.write(VERSION);
        TEXT.encode(answer.request(), out);
        VarInt.encode(answer.shard(), out);
        VarInt.encode(answer.keys(), out);
        BooleanCoder.of().encode(answer.isLast(), out);
        VarInt.encode(answer.told().size(), out);
        for (Told<ItemT> told : answer.told()) {
            TEXT.encode(told.key(), out);
            update.encode(told.update(), out);
            BooleanCoder.of().encode(told.isPending(), out);
        }
    }

    @Override
    public ViewAnswer<ItemT> decode(InputStream in) throws IOException {
        Versioned.read("view answer", VERSION, in);
        String request = TEXT.decode(in);
        int shard = VarInt.decodeInt(in);
        long keys = VarInt.decodeLong(in);
        boolean isLast = BooleanCoder.of().decode(in);
        List<Told<ItemT>> told = new ArrayList<>();
        for (int left = VarInt.decodeInt(in); left > 0; left--) {
            told.add(new Told<>(
                    TEXT.decode(in), update.decode(in), BooleanCoder.of().decode(in)));
        }
        return new ViewAnswer<>(request, shard, keys, isLast, told);
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(update);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the coder of its items must be deterministic", update);
    }
}
