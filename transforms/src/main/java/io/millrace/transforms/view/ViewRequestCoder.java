package io.millrace.transforms.view;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Encodes a {@link ViewRequest}: a version byte, then its parts. */
public final class ViewRequestCoder extends AtomicCoder<ViewRequest> {
    private static final long serialVersionUID = 1;
    private static final ViewRequestCoder INSTANCE = new ViewRequestCoder();
    private static final int VERSION = 1;
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();
    private static final Coder<List<String>> KEYS = NullableCoder.of(ListCoder.of(TEXT));
    private static final Coder<String> PREFIX = NullableCoder.of(TEXT);
    private static final Coder<Double> RATE = NullableCoder.of(DoubleCoder.of());

    private ViewRequestCoder() {}

    /** The coder. */
    public static ViewRequestCoder of() {
        return INSTANCE;
    }

    @Override
    public void encode(ViewRequest request, OutputStream out) throws IOException {
        out.write(VERSION);
        TEXT.encode(request.id(), out);
        out.write(request.kind().ordinal());
        KEYS.encode(request.keys(), out);
        PREFIX.encode(request.prefix(), out);
        RATE.encode(request.keysPerSecond(), out);
    }

    @Override
    public ViewRequest decode(InputStream in) throws IOException {
        Versioned.read("view request", VERSION, in);
        String id = TEXT.decode(in);
        Kind kind = Kind.values()[in.read()];
        List<String> keys = KEYS.decode(in);
        String prefix = PREFIX.decode(in);
        return new ViewRequest(id, kind, keys, prefix, RATE.decode(in));
    }
}
