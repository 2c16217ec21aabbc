package io.millrace.transforms.enricher;

import io.millrace.transforms.enricher.Unenriched.Reason;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Brings elements to their keys; those that have none, or no time, are dead letters. */
final class KeyElementsFn<InputT, KeyT, ValueT> extends DoFn<InputT, KV<KeyT, Arrival<InputT, ValueT>>> {
    private static final long serialVersionUID = 1;

    private final SerializableFunction<InputT, @Nullable KeyT> key;
    private final TupleTag<KV<KeyT, Arrival<InputT, ValueT>>> keyed;
    private final TupleTag<Unenriched<InputT>> deadLetters;

    KeyElementsFn(
            SerializableFunction<InputT, @Nullable KeyT> key,
            TupleTag<KV<KeyT, Arrival<InputT, ValueT>>> keyed,
            TupleTag<Unenriched<InputT>> deadLetters) {
        this.key = key;
        this.keyed = keyed;
        this.deadLetters = deadLetters;
    }

    @ProcessElement
    public void process(@Element InputT input, @Timestamp Instant time, MultiOutputReceiver out) {
        if (time.equals(BoundedWindow.TIMESTAMP_MIN_VALUE)) {
            fail(input, Reason.NO_TIME, "there is no event time", out);
            return;
        }
        try {
            KeyT of = key.apply(input);
            if (of == null) {
                fail(input, Reason.KEY_FAILED, "the element has no key", out);
            } else {
                out.get(keyed).output(KV.of(of, Arrival.ofElement(input)));
            }
        } catch (KeyFailedException e) {
            fail(input, Reason.KEY_FAILED, Futures.text(e), out);
        }
    }

    private void fail(InputT input, Reason reason, String message, MultiOutputReceiver out) {
        out.get(deadLetters).output(new Unenriched<>(input, reason, message));
    }
}
