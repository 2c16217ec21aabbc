package io.millrace.io.elasticsearch;

import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.Lease;
import io.millrace.io.sink.Patience;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.TimedEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes events to an index in bulk requests, and awaits the answer to each. */
final class IndexWriter implements EventWriter {
    /** How many operations a request has at most. */
    static final int MAX_OPERATIONS = 1_000;
    /** How many bytes a request has at most, unless one operation has more. */
    static final int MAX_BYTES = 5 << 20;

    private final BulkClient client;
    private final BulkWriter writer;
    private final Operations operations;
    private final Lease lease;

    private IndexWriter(BulkClient client, BulkWriter writer, Operations operations, Lease lease) {
        this.client = client;
        this.writer = writer;
        this.operations = operations;
        this.lease = lease;
    }

    static IndexWriter open(ElasticsearchSink sink, SinkContext context) {
        BulkClient client = new BulkClient(Connections.open(sink), sink.index());
        Lease lease = Lease.take();
        BulkWriter.Cluster cluster = operations -> {
            lease.check();
            return client.send(operations);
        };
        BulkWriter writer = new BulkWriter(cluster, Patience.with("Elasticsearch at " + sink.url()));
        return new IndexWriter(client, writer, new Operations(context, sink.maxDocumentBytes()), lease);
    }

    @Override
    public Map<Integer, RefusedException> write(List<TimedEvent> events) throws IOException {
        Map<Integer, RefusedException> refused = new TreeMap<>();
        Request request = new Request();
        for (int position = 0; position < events.size(); position++) {
            try {
                TimedEvent event = events.get(position);
                byte[] operation = operations.of(event.event(), event.time());
                if (request.isFullWith(operation)) {
                    request.send(refused);
                }
                request.add(position, operation);
            } catch (RefusedException e) {
                refused.put(position, e);
            }
        }
        request.send(refused);
        return refused;
    }

    @Override
    public void close() throws IOException {
        lease.close();
        client.close();
    }

    /** Operations that go together. */
    private final class Request {
        private final List<byte[]> waiting = new ArrayList<>();
        private final List<Integer> positions = new ArrayList<>();
        private int bytes;

        boolean isFullWith(byte[] operation) {
            return waiting.size() >= MAX_OPERATIONS || bytes + operation.length > MAX_BYTES;
        }

        void add(int position, byte[] operation) {
            waiting.add(operation);
            positions.add(position);
            bytes += operation.length;
        }

        void send(Map<Integer, RefusedException> refused) throws IOException {
            if (!waiting.isEmpty()) {
                writer.write(waiting).forEach((position, cause) -> refused.put(positions.get(position), cause));
                waiting.clear();
                positions.clear();
                bytes = 0;
            }
        }
    }
}
