package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.enricher.Enriched.From;
import io.millrace.transforms.enricher.Unenriched.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.jspecify.annotations.Nullable;

/**
 * One key: its versions, and the elements that wait.
 *
 * <p>The first version is a value of its own, which is all that there is of most keys, and of which a change that is the first needs no
 * timer. Elements wait in slots of time: only those of slots that are due are looked at, however many wait behind them.
 *
 * @param book what there is to do
 * @param first the earliest version
 * @param later the versions behind it
 * @param slots how many elements came into each slot, by its number
 * @param waiting the elements, by slot and place in it
 */
record AsOfKey<InputT, ValueT>(
        Lateness lateness,
        AsOfMetrics metrics,
        ValueState<Book> book,
        ValueState<Version<ValueT>> first,
        MapState<Moment, Change<ValueT>> later,
        MapState<Long, Integer> slots,
        MapState<Moment, Early<InputT>> waiting) {

    /** About half a second. */
    private static final int SLOT_BITS = 9;

    private static final long LATEST = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

    /** Takes a change in. */
    void change(Change<ValueT> change, long time, long watermark, Timer forget) {
        if (time < watermark) {
            metrics.countLateChange();
        }
        Version<ValueT> version = Version.of(time, change);
        Version<ValueT> earliest = first.read();
        int order = earliest == null ? 0 : version.since().compareTo(earliest.since());
        if (earliest == null) {
            begin(version, forget);
        } else if (order == 0) {
            begin(version.knownFrom(earliest.knownFrom()), forget);
        } else if (order > 0) {
            addLater(version, forget);
        } else if (earliest.since().time() <= horizon(read(), watermark)) {
            metrics.countOutdatedChange();
        } else {
            first.write(version.knownFrom(earliest.knownFrom()));
            addLater(earliest, forget);
        }
    }

    private void begin(Version<ValueT> version, Timer forget) {
        first.write(version);
        long end = lateness.holdsUntil(version);
        if (end != Lateness.FOREVER) {
            forgetBy(lateness.passedAt(end), read(), forget);
        }
    }

    private void addLater(Version<ValueT> version, Timer forget) {
        later.put(version.since(), version.change());
        Book now = read();
        Book then = forgetBy(lateness.passedAt(version.since().time() - 1), now, forget);
        if (!then.hasLater()) {
            book.write(then.withLater(true));
        }
    }

    /** Sees to it that it is looked by then what can be forgotten; at the end of time everything is. */
    private Book forgetBy(long deadline, Book now, Timer forget) {
        if (deadline >= now.forgetAt() || deadline > LATEST) {
            return now;
        }
        forget.withNoOutputTimestamp().set(new org.joda.time.Instant(deadline));
        Book then = now.withForgetAt(deadline);
        book.write(then);
        return then;
    }

    private Book read() {
        Book there = book.read();
        return there == null ? Book.EMPTY : there;
    }

    private long horizon(Book now, long watermark) {
        return Math.min(lateness.horizon(watermark), now.earliest());
    }

    /** Lets an element wait, or leave at once where the watermark has passed its time. */
    void element(
            InputT input, long time, long watermark, Timer leave, OutputReceiver<Settled<InputT, ValueT>> receiver) {
        if (time >= watermark) {
            metrics.countWaited();
            await(input, time, leave);
        } else if (time < lateness.horizon(watermark)) {
            output(tooLate(input, "the watermark has passed its time and the allowed lateness"), time, receiver);
        } else {
            output(settled(input, time, versions(read())), time, receiver);
        }
    }

    private void await(InputT input, long time, Timer leave) {
        long slot = time >> SLOT_BITS;
        Integer there = slots.get(slot).read();
        int place = there == null ? 0 : there;
        waiting.put(new Moment(slot, place), new Early<>(time, input));
        slots.put(slot, place + 1);
        Book now = read();
        if (time < now.earliest()) {
            leaveAfter(time, leave);
            book.write(now.withEarliest(time));
        }
    }

    private static void leaveAfter(long time, Timer leave) {
        leave.withOutputTimestamp(new org.joda.time.Instant(time))
                .set(new org.joda.time.Instant(Math.min(time + 1, LATEST)));
    }

    /** Lets the elements leave whose time the watermark has passed. */
    void leave(long watermark, Timer leave, Timer forget, OutputReceiver<Settled<InputT, ValueT>> receiver) {
        Book now = read();
        Versions<ValueT> versions = versions(now);
        long next = now.earliest() < watermark ? letLeave(watermark, versions, receiver) : now.earliest();
        if (next != Book.NEVER) {
            leaveAfter(next, leave);
        }
        forget(now.withEarliest(next), versions, watermark, forget);
    }

    /** Lets elements leave, and gives the earliest time of one that goes on waiting. */
    private long letLeave(long watermark, Versions<ValueT> versions, OutputReceiver<Settled<InputT, ValueT>> receiver) {
        List<Long> numbers = new ArrayList<>();
        slots.keys().read().forEach(numbers::add);
        numbers.sort(Comparator.naturalOrder());
        for (long slot : numbers) {
            if (slot << SLOT_BITS >= watermark) {
                return earliest(slot);
            }
            long next = letLeave(slot, watermark, versions, receiver);
            if (next != Book.NEVER) {
                return next;
            }
            slots.remove(slot);
        }
        return Book.NEVER;
    }

    private long earliest(long slot) {
        return places(slot).stream()
                .mapToLong(place -> place.getValue().time())
                .min()
                .orElse(Book.NEVER);
    }

    private long letLeave(
            long slot, long watermark, Versions<ValueT> versions, OutputReceiver<Settled<InputT, ValueT>> receiver) {
        List<Map.Entry<Moment, Early<InputT>>> places = places(slot);
        places.sort(Comparator.comparingLong(place -> place.getValue().time())); // stable: of one time, as they came
        for (Map.Entry<Moment, Early<InputT>> place : places) {
            Early<InputT> early = place.getValue();
            if (early.time() >= watermark) {
                return early.time();
            }
            output(settled(early.input(), early.time(), versions), early.time(), receiver);
            waiting.remove(place.getKey());
        }
        return Book.NEVER;
    }

    /** Who waits in a slot, in the order of arrival. */
    private List<Map.Entry<Moment, Early<InputT>>> places(long slot) {
        int count = requireNonNull(slots.get(slot).read());
        List<Map.Entry<Moment, Early<InputT>>> places = new ArrayList<>(count);
        for (int place = 0; place < count; place++) {
            Moment at = new Moment(slot, place);
            Early<InputT> early = waiting.get(at).read();
            if (early != null) {
                places.add(Map.entry(at, early));
            }
        }
        return places;
    }

    /** Forgets what no element can need any more; where the timer for that is stale, nothing. */
    void forget(long watermark, Timer forget) {
        Book now = read();
        if (now.forgetAt() <= watermark) {
            forget(now.withForgetAt(Book.NEVER), versions(now), watermark, forget);
        }
    }

    private void forget(Book now, Versions<ValueT> versions, long watermark, Timer forget) {
        long horizon = horizon(now, watermark);
        List<Version<ValueT>> forgotten = versions.forgetBefore(horizon);
        if (!forgotten.isEmpty()) {
            forgotten.forEach(version -> later.remove(version.since()));
            later.remove(versions.first().since());
            first.write(versions.first());
        }
        Version<ValueT> second = versions.second();
        save(now.withLater(second != null));
        if (second == null && !versions.isEmpty() && lateness.holdsUntil(versions.first()) < horizon) {
            first.clear();
        } else if (!versions.isEmpty()) {
            lookAgain(versions.first(), second, read(), forget);
        }
    }

    private void save(Book then) {
        if (then.equals(Book.EMPTY)) {
            book.clear();
        } else {
            book.write(then);
        }
    }

    /** Not before the next element leaves, which may need what is to be forgotten, and at which it is looked anyway. */
    private void lookAgain(Version<ValueT> earliest, @Nullable Version<ValueT> second, Book now, Timer forget) {
        long last =
                second == null ? lateness.holdsUntil(earliest) : second.since().time() - 1;
        if (last != Lateness.FOREVER) {
            long afterNext = now.earliest() == Book.NEVER ? Long.MIN_VALUE : now.earliest() + 2;
            forgetBy(Math.max(lateness.passedAt(last), afterNext), now, forget);
        }
    }

    private Versions<ValueT> versions(Book now) {
        return new Versions<>(first.read(), now.hasLater() ? later.entries().read() : List.of());
    }

    private Settled<InputT, ValueT> settled(InputT input, long time, Versions<ValueT> versions) {
        if (!versions.knows(time)) {
            return tooLate(input, "values of its time are forgotten");
        }
        Version<ValueT> version = versions.at(time);
        return version == null || lateness.holdsUntil(version) < time
                ? enriched(input, null, time, time)
                : enriched(input, version.value(), time, version.since().time());
    }

    /** A miss is as old as the element: whether a deletion is still known must make no difference. */
    private static <InputT, ValueT> Settled<InputT, ValueT> enriched(
            InputT input, @Nullable ValueT value, long time, long since) {
        return new Settled<>(
                new Enriched<>(
                        input, value, Instant.ofEpochMilli(since), Duration.ofMillis(time - since), From.CHANGELOG),
                null,
                PaneInfo.NO_FIRING);
    }

    private Settled<InputT, ValueT> tooLate(InputT input, String why) {
        metrics.countLate();
        return new Settled<>(
                null, new Unenriched<>(input, Reason.LATE, "the element is too late: " + why), PaneInfo.NO_FIRING);
    }

    private static <T> void output(T settled, long time, OutputReceiver<T> receiver) {
        receiver.outputWithTimestamp(settled, new org.joda.time.Instant(time));
    }
}
