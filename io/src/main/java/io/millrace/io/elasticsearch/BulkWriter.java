package io.millrace.io.elasticsearch;

import static com.google.common.base.Preconditions.checkState;

import io.millrace.io.elasticsearch.BulkAnswer.Busy;
import io.millrace.io.elasticsearch.BulkAnswer.Item;
import io.millrace.io.elasticsearch.BulkAnswer.Items;
import io.millrace.io.elasticsearch.BulkAnswer.TooLarge;
import io.millrace.io.elasticsearch.BulkAnswer.Unavailable;
import io.millrace.io.sink.Patience;
import io.millrace.io.sink.RefusedException;
import io.millrace.transforms.event.DeadLetter.Reason;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Writes operations until each is taken or refused: those that the cluster could not do at the moment again, and what is too much at
 * once in halves.
 */
final class BulkWriter {

    /** Where requests go. */
    interface Cluster {
        BulkAnswer send(List<byte[]> operations) throws IOException;
    }

    private final Cluster cluster;
    private final Patience patience;

    BulkWriter(Cluster cluster, Patience patience) {
        this.cluster = cluster;
        this.patience = patience;
    }

    /**
     * Writes operations, and gives those that were refused, by their position.
     *
     * @throws IOException if the cluster takes no document at all, or does not answer for too long
     */
    Map<Integer, RefusedException> write(List<byte[]> operations) throws IOException {
        Map<Integer, RefusedException> refused = new TreeMap<>();
        Deque<List<Integer>> requests = new ArrayDeque<>();
        requests.add(IntStream.range(0, operations.size()).boxed().toList());
        while (!requests.isEmpty()) {
            List<Integer> request = requests.remove();
            BulkAnswer answer =
                    cluster.send(request.stream().map(operations::get).toList());
            if (answer instanceof Items items) {
                settle(request, items, refused, requests);
            } else if (answer instanceof TooLarge large && request.size() == 1) {
                refused.put(request.get(0), new RefusedException(Reason.TOO_LARGE, message(large.message())));
                patience.renew();
            } else if (answer instanceof TooLarge) {
                patience.answered();
                addHalves(request, requests);
            } else if (answer instanceof Busy busy) {
                patience.await(busy.message());
                addHalves(request, requests);
            } else if (answer instanceof Unavailable unavailable) {
                patience.await(unavailable.message());
                requests.addFirst(request);
            }
        }
        return refused;
    }

    private void settle(
            List<Integer> request, Items items, Map<Integer, RefusedException> refused, Deque<List<Integer>> requests)
            throws IOException {
        List<Integer> again = new ArrayList<>();
        String trouble = "";
        for (int position = 0; position < request.size(); position++) {
            Item item = items.items().get(position);
            switch (item.verdict()) {
                case TAKEN -> {}
                case REFUSED ->
                    refused.put(request.get(position), new RefusedException(Reason.REFUSED, message(item.message())));
                case AGAIN -> {
                    again.add(request.get(position));
                    trouble = item.message();
                }
                case BLOCKED -> throw new IOException(message(item.message()));
            }
        }
        if (again.size() < request.size()) {
            patience.renew();
        }
        if (!again.isEmpty()) {
            patience.await(trouble);
            requests.addFirst(again);
        }
    }

    private static void addHalves(List<Integer> request, Deque<List<Integer>> requests) {
        checkState(!request.isEmpty(), "a request must have operations");
        int half = (request.size() + 1) / 2;
        if (half < request.size()) {
            requests.addFirst(request.subList(half, request.size()));
        }
        requests.addFirst(request.subList(0, half));
    }

    private static String message(String answer) {
        return "Elasticsearch: " + answer;
    }
}
