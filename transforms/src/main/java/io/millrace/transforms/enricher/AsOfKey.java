package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.enricher.Enriched.From;
import io.millrace.transforms.enricher.Unenriched.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
 * @param order the moments of those
 * @param slots what waits in each slot, by its number
 * @param waiting the elements, by slot and place in it
 */
record AsOfKey<InputT, ValueT>(
        Lateness lateness,
        AsOfMetrics metrics,
        ValueState<Book> book,
        ValueState<Version<ValueT>> first,
        MapState<Moment, Change<ValueT>> later,
        ValueState<Moments> order,
        MapState<Moment, Slot> slots,
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
        Book now = read();
        Moments before = order(now);
        Moments after = before.with(version.since());
        if (after != before) {
            order.write(after);
        }
        later.put(version.since(), version.change());
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

    private Moments order(Book now) {
        return now.hasLater() ? requireNonNull(order.read()) : Moments.NONE;
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
        Moment number = number(time >> SLOT_BITS);
        Slot there = slots.get(number).read();
        Slot then = there == null ? Slot.of(time) : there.with(time);
        waiting.put(new Moment(number.time(), then.end() - 1), new Early<>(time, input));
        slots.put(number, then);
        Book now = read();
        if (time < now.earliest()) {
            leaveAfter(time, leave);
            book.write(now.withEarliest(time));
        }
    }

    private static Moment number(long slot) {
        return new Moment(slot, 0);
    }

    private static void leaveAfter(long time, Timer leave) {
        leave.withOutputTimestamp(new org.joda.time.Instant(time))
                .set(new org.joda.time.Instant(Math.min(time + 1, LATEST)));
    }

    /** Lets the elements leave whose time the watermark has passed. */
    void leave(long watermark, Timer leave, Timer forget, OutputReceiver<Settled<InputT, ValueT>> receiver) {
        Book now = read();
        Versions<ValueT> versions = versions(now);
        long next =
                now.earliest() < watermark ? letLeave(now.earliest(), watermark, versions, receiver) : now.earliest();
        if (next != Book.NEVER) {
            leaveAfter(next, leave);
        }
        forget(now.withEarliest(next), versions, watermark, forget);
    }

    /**
     * Lets elements leave, and gives the earliest time of one that goes on waiting. Slots are read one after the other from that of the
     * earliest element on, and listed only across a gap.
     */
    private long letLeave(
            long earliest,
            long watermark,
            Versions<ValueT> versions,
            OutputReceiver<Settled<InputT, ValueT>> receiver) {
        Moment number = number(earliest >> SLOT_BITS);
        Slot slot = slots.get(number).read();
        while (slot != null) {
            long next = letLeave(number, slot, watermark, versions, receiver);
            if (next != Book.NEVER) {
                return next;
            }
            number = number(number.time() + 1);
            slot = slots.get(number).read();
        }
        return letLeaveBehindGap(watermark, versions, receiver);
    }

    private long letLeaveBehindGap(
            long watermark, Versions<ValueT> versions, OutputReceiver<Settled<InputT, ValueT>> receiver) {
        for (Moment number : numbers()) {
            Slot slot = requireNonNull(slots.get(number).read());
            long next = letLeave(number, slot, watermark, versions, receiver);
            if (next != Book.NEVER) {
                return next;
            }
        }
        return Book.NEVER;
    }

    private List<Moment> numbers() {
        List<Moment> numbers = new ArrayList<>();
        slots.keys().read().forEach(numbers::add);
        numbers.sort(Comparator.naturalOrder());
        return numbers;
    }

    private long letLeave(
            Moment number,
            Slot slot,
            long watermark,
            Versions<ValueT> versions,
            OutputReceiver<Settled<InputT, ValueT>> receiver) {
        if (slot.earliest() >= watermark) {
            return slot.earliest();
        }
        Slot left = slot.inOrder()
                ? letLeaveInOrder(number, slot, watermark, versions, receiver)
                : letLeaveSorted(number, slot, watermark, versions, receiver);
        if (left == null) {
            slots.remove(number);
            return Book.NEVER;
        }
        slots.put(number, left);
        return left.earliest();
    }

    private @Nullable Slot letLeaveInOrder(
            Moment number,
            Slot slot,
            long watermark,
            Versions<ValueT> versions,
            OutputReceiver<Settled<InputT, ValueT>> receiver) {
        for (int place = slot.from(); place < slot.end(); place++) {
            Moment at = new Moment(number.time(), place);
            Early<InputT> early = requireNonNull(waiting.get(at).read());
            if (early.time() >= watermark) {
                return slot.without(place, early.time());
            }
            letLeave(at, early, versions, receiver);
        }
        return null;
    }

    /** Elements may be many and large: only their times are held, and each is read again when it leaves. */
    private @Nullable Slot letLeaveSorted(
            Moment number,
            Slot slot,
            long watermark,
            Versions<ValueT> versions,
            OutputReceiver<Settled<InputT, ValueT>> receiver) {
        List<Moment> due = new ArrayList<>(); // of one time, as they came
        int from = slot.end();
        long earliest = Book.NEVER;
        for (int place = slot.end() - 1; place >= slot.from(); place--) {
            Early<InputT> early = waiting.get(new Moment(number.time(), place)).read();
            if (early != null && early.time() < watermark) {
                due.add(new Moment(early.time(), place));
            } else if (early != null) {
                from = place;
                earliest = Math.min(earliest, early.time());
            }
        }
        due.sort(Comparator.naturalOrder());
        for (Moment one : due) {
            Moment at = new Moment(number.time(), one.sequence());
            letLeave(at, requireNonNull(waiting.get(at).read()), versions, receiver);
        }
        return earliest == Book.NEVER ? null : slot.without(from, earliest);
    }

    private void letLeave(
            Moment at,
            Early<InputT> early,
            Versions<ValueT> versions,
            OutputReceiver<Settled<InputT, ValueT>> receiver) {
        output(settled(early.input(), early.time(), versions), early.time(), receiver);
        waiting.remove(at);
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
        Versions<ValueT> left = versions.forgetBefore(horizon);
        Version<ValueT> earliest = left.first();
        boolean hasLater = !left.order().isEmpty();
        if (left != versions) {
            first.write(requireNonNull(earliest));
            write(left.order());
        }
        boolean isOver = earliest != null && !hasLater && lateness.holdsUntil(earliest) < horizon;
        save((isOver ? now.withForgetAt(Book.NEVER) : now).withLater(hasLater));
        if (isOver) {
            first.clear();
        } else if (earliest != null) {
            lookAgain(earliest, left.order(), read(), forget);
        }
    }

    private void write(Moments then) {
        if (then.isEmpty()) {
            order.clear();
        } else {
            order.write(then);
        }
    }

    private void save(Book then) {
        if (then.equals(Book.EMPTY)) {
            book.clear();
        } else {
            book.write(then);
        }
    }

    /**
     * Not before the next element leaves, which may need what is to be forgotten, and at which it is looked anyway; and not for each
     * version of its own, but once for those of a slot of time.
     */
    private void lookAgain(Version<ValueT> earliest, Moments behind, Book now, Timer forget) {
        long last = behind.isEmpty()
                ? lateness.holdsUntil(earliest)
                : behind.list().get(0).time() - 1;
        if (last != Lateness.FOREVER) {
            long afterNext = now.earliest() == Book.NEVER ? Long.MIN_VALUE : now.earliest() + 2;
            forgetBy(endOfSlot(Math.max(lateness.passedAt(last), afterNext)), now, forget);
        }
    }

    private static long endOfSlot(long time) {
        return time > LATEST ? time : ((time - 1 >> SLOT_BITS) + 1) << SLOT_BITS;
    }

    private Versions<ValueT> versions(Book now) {
        return new Versions<>(first.read(), order(now), later);
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
        return new Settled<>(null, new Unenriched<>(input, Reason.LATE, "too late: " + why), PaneInfo.NO_FIRING);
    }

    private static <T> void output(T settled, long time, OutputReceiver<T> receiver) {
        receiver.outputWithTimestamp(settled, new org.joda.time.Instant(time));
    }
}
