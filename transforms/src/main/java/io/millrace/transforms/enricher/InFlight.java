package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Elements that wait for their answers, and leave in the order in which they came, or in that in which they are answered. */
final class InFlight<InputT, KeyT, ValueT> {
    private final int most;
    private final boolean inOrder;
    private final Deque<Waiting<InputT, KeyT, ValueT>> inTurn = new ArrayDeque<>();
    private BlockingQueue<Waiting<InputT, KeyT, ValueT>> answered = new LinkedBlockingQueue<>();
    private int count;

    InFlight(int most, boolean inOrder) {
        this.most = most;
        this.inOrder = inOrder;
    }

    boolean isFull() {
        return count >= most;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void add(Waiting<InputT, KeyT, ValueT> element) {
        count++;
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
        count -= next == null ? 0 : 1;
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
        count--;
        return next;
    }

    /** Forgets those of a bundle that failed. */
    void clear() {
        count = 0;
        inTurn.clear();
        answered = new LinkedBlockingQueue<>();
    }
}
