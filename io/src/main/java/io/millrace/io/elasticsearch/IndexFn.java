package io.millrace.io.elasticsearch;

import static java.util.Objects.requireNonNull;

import io.millrace.io.sink.Refusals;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.TimedEvent;
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

/** Gathers events, and writes them when there are enough of them and when the bundle ends. */
final class IndexFn extends DoFn<Event, DeadLetter> {
    private static final long serialVersionUID = 2;

    private final ElasticsearchSink sink;
    private final SinkContext context;
    private transient @Nullable IndexWriter writer;
    private transient @Nullable Refusals refusals;
    private transient List<TimedEvent> waiting = new ArrayList<>();
    private transient List<BoundedWindow> windows = new ArrayList<>();
    private transient int waitingBytes;

    IndexFn(ElasticsearchSink sink, SinkContext context) {
        this.sink = sink;
        this.context = context;
    }

    @Setup
    public void open() {
        writer = IndexWriter.open(sink, context);
    }

    @StartBundle
    public void startBundle() {
        waiting = new ArrayList<>();
        windows = new ArrayList<>();
        waitingBytes = 0;
        refusals = new Refusals(context);
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant timestamp, BoundedWindow window) throws IOException {
        waiting.add(new TimedEvent(event, timestamp));
        windows.add(window);
        waitingBytes += event.value() == null ? 0 : event.value().length;
        if (waiting.size() >= IndexWriter.MAX_OPERATIONS || waitingBytes >= IndexWriter.MAX_BYTES) {
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
        if (writer != null) {
            writer.close();
        }
    }

    private void write() throws IOException {
        Map<Integer, RefusedException> refused =
                requireNonNull(writer, "writer").write(waiting);
        refused.forEach((position, cause) -> {
            TimedEvent one = waiting.get(position);
            refusals().add(one.event(), one.time(), windows.get(position), cause);
        });
        context.metrics().countDelivered(waiting.size() - refused.size());
        waiting.clear();
        windows.clear();
        waitingBytes = 0;
    }

    private Refusals refusals() {
        return requireNonNull(refusals, "refusals");
    }
}
