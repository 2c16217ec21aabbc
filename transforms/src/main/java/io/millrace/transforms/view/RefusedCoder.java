package io.millrace.transforms.view;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.StructuredCoder;

/** Encodes a {@link Refused}: a version byte, the event, then why. Deterministic where the coder of events is. */
public final class RefusedCoder<EventT> extends StructuredCoder<Refused<EventT>> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    private final Coder<EventT> event;

    private RefusedCoder(Coder<EventT> event) {
        this.event = event;
    }

    /** The coder of what was refused, with events of this coder. */
    public static <EventT> RefusedCoder<EventT> of(Coder<EventT> event) {
        return new RefusedCoder<>(event);
    }

    @Override
    public void encode(Refused<EventT> refused, OutputStream out) throws IOException {
        out.write(VERSION);
        event.encode(refused.event(), out);
        TEXT.encode(refused.reason().text(), out);
        TEXT.encode(refused.message(), out);
    }

    @Override
    public Refused<EventT> decode(InputStream in) throws IOException {
        Versioned.read("refused", VERSION, in);
        EventT refused = event.decode(in);
        Reason reason = Reason.parse(TEXT.decode(in));
        return new Refused<>(refused, reason, TEXT.decode(in));
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
        return List.of(event);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        verifyDeterministic(this, "the coder of events must be deterministic", event);
    }
}
