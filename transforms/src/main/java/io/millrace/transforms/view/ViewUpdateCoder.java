package io.millrace.transforms.view;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.ZigZag;
import io.millrace.transforms.view.ViewUpdate.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.util.VarInt;

/** Encodes a {@link ViewUpdate}: a version byte, the cause, the version, then the items. Deterministic where the coder of these is. */
public final class ViewUpdateCoder<ItemT> extends StructuredCoder<ViewUpdate<ItemT>> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final Coder<List<ItemT>> items;

    private ViewUpdateCoder(Coder<List<ItemT>> items) {
        this.items = items;
    }

    /** The coder of updates with items of this coder. */
    public static <ItemT> ViewUpdateCoder<ItemT> of(Coder<ItemT> item) {
        return new ViewUpdateCoder<>(ListCoder.of(item));
    }

    @Override
    public void encode(ViewUpdate<ItemT> update, OutputStream out) throws IOException {
        out.write(VERSION);
        out.write(update.cause().ordinal());
        VarInt.encode(ZigZag.encode(update.version()), out);
        items.encode(update.items(), out);
    }

    @Override
    public ViewUpdate<ItemT> decode(InputStream in) throws IOException {
        Versioned.read("view update", VERSION, in);
        Cause cause = Cause.values()[in.read()];
        long version = ZigZag.decode(VarInt.decodeLong(in));
        return new ViewUpdate<>(version, items.decode(in), cause);
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(items);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the coder of its items must be deterministic", items);
    }
}
