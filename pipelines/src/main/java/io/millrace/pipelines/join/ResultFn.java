package io.millrace.pipelines.join;

import io.millrace.transforms.event.Event;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.values.KV;

/** Makes documents of what leaves a join, with its key. */
final class ResultFn<T> extends DoFn<KV<String, T>, Event> {
    private static final long serialVersionUID = 1;

    private final SerializableBiFunction<String, T, Event> document;

    ResultFn(SerializableBiFunction<String, T, Event> document) {
        this.document = document;
    }

    @ProcessElement
    public void process(@Element KV<String, T> result, OutputReceiver<Event> out) {
        out.output(document.apply(result.getKey(), result.getValue()));
    }
}
