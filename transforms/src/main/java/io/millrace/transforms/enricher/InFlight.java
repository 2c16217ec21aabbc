package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Elements that wait for their answers, and leave in the order in which they came, or in that in which they are answered. */
final class InFlight<InputT, KeyT, ValueT> {
    private final int most;
    private final boolean inOrder;
    private final Deque<Waiting<InputT, KeyT, ValueT>> inTurn = new ArrayDeque<>();
    private BlockingQueue<Waiting<InputT, KeyT, ValueT>> answered = new LinkedBlockingQueue<>();
    private final Set<Waiting<InputT, KeyT, ValueT>> open = Collections.newSetFromMap(new IdentityHashMap<>());

    InFlight(int most, boolean inOrder) {
        this.most = most;
        this.inOrder = inOrder;
    }

    boolean isFull() {
        return open.size() >= most;
    }

    int size() {
        return open.size();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    void add(Waiting<InputT, KeyT, ValueT> element) {
        open.add(element);
        if (inOrder) {
            inTurn.addLast(element);
        } else {
            BlockingQueue<Waiting<InputT, KeyT, ValueT>> to = answered;
            element.answer().whenComplete((answer, failure) -> to.add(element));
        }
    }

    /** Takes the next one that may leave; null where it is not answered yet. */
    @Nullable Waiting<InputT, KeyT, ValueT> poll() {
        if (inOrder && (inTurn.isEmpty() || !inTurn.getFirst().answer().isDone())) {
            return null;
        }
        Waiting<InputT, KeyT, ValueT> next = inOrder ? inTurn.removeFirst() : answered.poll();
        open.remove(next);
        return next;
    }

    /** The same, but waits for it for so long. */
    @Nullable Waiting<InputT, KeyT, ValueT> poll(long nanos) throws InterruptedException {
        if (inOrder) {
            return inTurn.getFirst().await(nanos) ? poll() : null;
        }
        Waiting<InputT, KeyT, ValueT> next = answered.poll(nanos, TimeUnit.NANOSECONDS);
        open.remove(next);
        return next;
    }

    /** Takes the next one that may leave, and waits for its answer. */
    Waiting<InputT, KeyT, ValueT> take() throws InterruptedException {
        Waiting<InputT, KeyT, ValueT> next;
        if (inOrder) {
            next = requireNonNull(inTurn.getFirst());
            next.await();
            inTurn.removeFirst();
        } else {
            next = answered.take();
        }
        open.remove(next);
        return next;
    }

    /** Forgets those of a bundle that failed, and gives them. */
    List<Waiting<InputT, KeyT, ValueT>> clear() {
        List<Waiting<InputT, KeyT, ValueT>> left = List.copyOf(open);
        open.clear();
        inTurn.clear();
        answered = new LinkedBlockingQueue<>();
        return left;
    }
}
