package io.millrace.io.elasticsearch;

import static java.util.Objects.requireNonNull;

import io.millrace.io.sink.Patience;
import io.millrace.io.sink.Refusals;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Gathers events into bulk requests, and awaits the answer to each before the bundle ends. */
final class IndexFn extends DoFn<Event, DeadLetter> {
    private static final long serialVersionUID = 1;
    private static final int MAX_OPERATIONS = 1_000;
    private static final int MAX_BYTES = 5 << 20;

    private final ElasticsearchSink sink;
    private final SinkContext context;
    private final Operations operations;
    private transient @Nullable BulkClient client;
    private transient @Nullable BulkWriter writer;
    private transient @Nullable Refusals refusals;
    private transient List<Waiting> waiting = new ArrayList<>();
    private transient int waitingBytes;

    IndexFn(ElasticsearchSink sink, SinkContext context) {
        this.sink = sink;
        this.context = context;
        this.operations = new Operations(context, sink.maxDocumentBytes());
    }

    @Setup
    public void open() {
        BulkClient opened = new BulkClient(Connections.open(sink), sink.index());
        client = opened;
        writer = new BulkWriter(opened::send, Patience.with("Elasticsearch at " + sink.url()));
    }

    @StartBundle
    public void startBundle() {
        waiting = new ArrayList<>();
        waitingBytes = 0;
        refusals = new Refusals(context);
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant timestamp, BoundedWindow window) throws IOException {
        try {
            byte[] operation = operations.of(event, timestamp);
            if (waitingBytes + operation.length > MAX_BYTES) {
                write();
            }
            waiting.add(new Waiting(event, timestamp, window, operation));
            waitingBytes += operation.length;
        } catch (RefusedException e) {
            refusals().add(event, timestamp, window, e);
        }
        if (waiting.size() >= MAX_OPERATIONS) {
            write();
        }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext bundle) throws IOException {
        write();
        refusals().leave(bundle);
    }

    @Teardown
    public void close() throws IOException {
        if (client != null) {
            client.close();
        }
    }

    private void write() throws IOException {
        if (waiting.isEmpty()) {
            return;
        }
        Map<Integer, RefusedException> refused = requireNonNull(writer, "writer")
                .write(waiting.stream().map(Waiting::operation).toList());
        refused.forEach((position, cause) -> {
            Waiting one = waiting.get(position);
            refusals().add(one.event(), one.timestamp(), one.window(), cause);
        });
        context.metrics().countDelivered(waiting.size() - refused.size());
        waiting.clear();
        waitingBytes = 0;
    }

    private Refusals refusals() {
        return requireNonNull(refusals, "refusals");
    }

    /** An event on its way. */
    private record Waiting(Event event, Instant timestamp, BoundedWindow window, byte[] operation) {}
}
