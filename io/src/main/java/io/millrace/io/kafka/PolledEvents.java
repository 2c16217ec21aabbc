package io.millrace.io.kafka;

import io.millrace.transforms.event.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one partition that one poll gave, in their order, with their times: one element of what KafkaIO reads.
 *
 * <p>A runner has a price for each element that a source gives, which is higher than that of everything else that happens to an
 * event. So the source gives many events at a time, and the next step takes them apart. A checkpoint lies between two polls.
 */
final class PolledEvents {
    /** In place of a time: the event's record has none, or there is a problem with it. */
    static final long NO_TIME = Long.MIN_VALUE;

    private final List<Event> events;
    private final long[] times;
    private final @Nullable List<@Nullable TimeProblem> problems;
    private final boolean lacksTimes;
    private final long earliest;
    private final long latest;
    private long watermark = NO_TIME;

    private PolledEvents(List<Event> events, long[] times, @Nullable List<@Nullable TimeProblem> problems) {
        this.events = events;
        this.times = times;
        this.problems = problems;
        long earliest = Long.MAX_VALUE;
        long latest = NO_TIME;
        boolean lacksTimes = false;
        for (long time : times) {
            lacksTimes |= time == NO_TIME;
            earliest = time == NO_TIME ? earliest : Math.min(earliest, time);
            latest = Math.max(latest, time);
        }
        this.lacksTimes = lacksTimes;
        this.earliest = earliest;
        this.latest = latest;
    }

    /** Starts to collect events, about so many. */
    static Builder builder(int expected) {
        return new Builder(expected);
    }

    int size() {
        return times.length;
    }

    Event event(int position) {
        return events.get(position);
    }

    /** The event's time in epoch milliseconds; of one without, the watermark at which it was read, so that it is not late. */
    long timeOrWatermark(int position) {
        return times[position] == NO_TIME ? watermark : times[position];
    }

    /** What is wrong with the event's time, or null. */
    @Nullable TimeProblem problem(int position) {
        return problems == null ? null : problems.get(position);
    }

    /** The latest time there is, or {@link #NO_TIME}. */
    long latest() {
        return latest;
    }

    /** Notes the watermark at which these events are read, in epoch milliseconds, and gives the earliest of all their times. */
    long readAt(long watermark) {
        this.watermark = watermark;
        return lacksTimes ? Math.min(earliest, watermark) : earliest;
    }

    /** Collects events in their order. */
    static final class Builder {
        private final List<Event> events;
        private long[] times;
        private @Nullable List<@Nullable TimeProblem> problems;

        private Builder(int expected) {
            this.events = new ArrayList<>(expected);
            this.times = new long[expected];
        }

        /** Adds an event with its time in epoch milliseconds. */
        void add(Event event, long time) {
            add(event, time, null);
        }

        /** Adds an event whose record has no time. */
        void addWithoutTime(Event event) {
            add(event, NO_TIME, null);
        }

        /** Adds an event whose time cannot be used. */
        void add(Event event, TimeProblem problem) {
            add(event, NO_TIME, problem);
        }

        void add(Event event, long time, @Nullable TimeProblem problem) {
            int position = events.size();
            if (position == times.length) {
                times = Arrays.copyOf(times, Math.max(8, 2 * position));
            }
            events.add(event);
            times[position] = time;
            if (problem != null && problems == null) {
                problems = new ArrayList<>(Collections.nCopies(position, null));
            }
            if (problems != null) {
                problems.add(problem);
            }
        }

        PolledEvents build() {
            return new PolledEvents(events, Arrays.copyOf(times, events.size()), problems);
        }
    }
}
