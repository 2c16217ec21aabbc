package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import org.apache.beam.sdk.state.MapState;
import org.jspecify.annotations.Nullable;

/** The versions of a key that are kept. A later one is read when it is asked for. */
final class Versions<ValueT> {
    private final @Nullable Version<ValueT> first;
    private final Moments order;
    private final MapState<Moment, Change<ValueT>> later;
    private @Nullable Version<ValueT> lastRead;

    /**
     * Versions of a key.
     *
     * @param first the earliest; null where there is none, and then there are no others
     * @param order when the others are
     * @param later what they are
     */
    Versions(@Nullable Version<ValueT> first, Moments order, MapState<Moment, Change<ValueT>> later) {
        this.first = first;
        this.order = order;
        this.later = later;
    }

    /** The version in force at a time; null where there is none. */
    @Nullable Version<ValueT> at(long time) {
        int count = order.countUpTo(time);
        if (count > 0) {
            return read(order.list().get(count - 1));
        }
        return first == null || first.since().time() > time ? null : first;
    }

    /** One that is read again and again, for elements of one time after the other, is read once. */
    private Version<ValueT> read(Moment moment) {
        Version<ValueT> last = lastRead;
        if (last == null || !last.since().equals(moment)) {
            last = Version.of(moment, requireNonNull(later.get(moment).read()));
            lastRead = last;
        }
        return last;
    }

    /** Whether it is known what was in force at a time. */
    boolean knows(long time) {
        return first == null || time >= first.knownFrom();
    }

    /** Forgets versions that are not needed at any time from this one on: gives what is left, and this where nothing is forgotten. */
    Versions<ValueT> forgetBefore(long time) {
        int count = order.countUpTo(time);
        if (count == 0) {
            return this;
        }
        Version<ValueT> inForce = read(order.list().get(count - 1));
        order.list().subList(0, count).forEach(later::remove);
        return new Versions<>(inForce.knownFrom(inForce.since().time()), order.without(count), later);
    }

    /** The earliest of them; null where there is none. */
    @Nullable Version<ValueT> first() {
        return first;
    }

    /** When the others are. */
    Moments order() {
        return order;
    }
}
