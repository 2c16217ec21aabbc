package io.millrace.transforms.script.version;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which version is in force at which event time: the newest whose {@code effectiveFrom} is not after it, of several from the same time on
 * the one that came last; and before all of them the first that was accepted. A withdrawal counts only where, without it, what it
 * withdraws would be in force at its time: so it never overrides what was put in force in the meantime. Immutable.
 */
public final class Timeline {
    static final Timeline EMPTY = new Timeline(List.of());

    private final List<Activation> accepted;
    private final Activation[] ordered;
    private final long[] froms;

    private Timeline(List<Activation> accepted) {
        this.accepted = accepted;
        this.ordered = ordered(accepted).toArray(Activation[]::new);
        this.froms = Arrays.stream(ordered)
                .mapToLong(one -> one.effectiveFrom().toEpochMilli())
                .toArray();
    }

    private static List<Activation> ordered(List<Activation> accepted) {
        List<Activation> byTime = new ArrayList<>(accepted);
        byTime.sort(Comparator.comparing(Activation::effectiveFrom)); // stable: of the same time, the last stays last
        List<Activation> ordered = new ArrayList<>();
        for (Activation next : byTime) {
            Activation before = ordered.isEmpty() ? accepted.get(0) : ordered.get(ordered.size() - 1);
            if (!next.withdrawal() || next.withdraws(before)) {
                ordered.add(next);
            }
        }
        return ordered;
    }

    Timeline with(Activation activation) {
        List<Activation> longer = new ArrayList<>(accepted);
        longer.add(activation);
        return new Timeline(List.copyOf(longer));
    }

    /** Whether there is no version yet. */
    public boolean isEmpty() {
        return accepted.isEmpty();
    }

    /** What was accepted, in the order of the log. */
    public List<Activation> accepted() {
        return accepted;
    }

    /** What is in force at an event time, and between which times; null while there is no version. */
    public @Nullable Span at(long millis) {
        if (isEmpty()) {
            return null;
        }
        int next = after(millis);
        long until = next == froms.length ? Long.MAX_VALUE : froms[next] - 1;
        return next == 0
                ? new Span(accepted.get(0), Long.MIN_VALUE, until)
                : new Span(ordered[next - 1], froms[next - 1], until);
    }

    /** The position of the first activation that lies after a time. */
    private int after(long millis) {
        int low = 0;
        int high = froms.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (froms[middle] <= millis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The activations whose time has come at an event time, the newest first. */
    List<Activation> backFrom(Instant time) {
        List<Activation> back = new ArrayList<>();
        for (int i = after(time.toEpochMilli()) - 1; i >= 0; i--) {
            back.add(ordered[i]);
        }
        if (!isEmpty() && !back.contains(accepted.get(0))) {
            back.add(accepted.get(0));
        }
        return back;
    }

    /** The accepted version of an id. */
    public Optional<ScriptVersion> version(String id) {
        return accepted.stream()
                .map(Activation::version)
                .filter(version -> version.id().equals(id))
                .findFirst();
    }

    /** What an accepted record put in force. */
    Optional<Activation> activation(String control) {
        return accepted.stream().filter(one -> one.record().equals(control)).findFirst();
    }

    /**
     * What is in force between two event times.
     *
     * @param activation what put it in force
     * @param from the first time, in epoch milliseconds
     * @param to the last time, in epoch milliseconds
     */
    public record Span(Activation activation, long from, long to) {}
}
