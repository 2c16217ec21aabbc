package io.millrace.io.kafka;

import io.millrace.transforms.event.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Events of one partition that a poll gave, in their order, with their times: one element of what KafkaIO reads.
 *
 * <p>A runner has a price for each element that a source gives, which is higher than that of everything else that happens to an
 * event. So the source gives many events at a time, and the next step takes them apart. A checkpoint lies between two elements.
 */
final class PolledEvents {
    /** In place of a time: the event's record has none, or there is a problem with it. */
    static final long NO_TIME = Long.MIN_VALUE;

    private final List<Event> events;
    private final long[] times;
    private final @Nullable List<@Nullable TimeProblem> problems;
    private final @Nullable Records records;

    private PolledEvents(
            List<Event> events,
            long[] times,
            @Nullable List<@Nullable TimeProblem> problems,
            @Nullable Records records) {
        this.events = events;
        this.times = times;
        this.problems = problems;
        this.records = records;
    }

    /**
     * What an archive has to know of the records that the events were, besides.
     *
     * @param from the offset at which the reader stood before the first
     * @param times the records' own times, negative where they had none
     */
    record Records(long from, long[] times) {}

    /** The same, with what an archive has to know. */
    PolledEvents with(Records records) {
        return new PolledEvents(events, times, problems, records);
    }

    /** What an archive has to know, if the source has one. */
    @Nullable Records records() {
        return records;
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

    /** The event's time in epoch milliseconds, or {@link #NO_TIME}. */
    long time(int position) {
        return times[position];
    }

    /** Gives an event the time at which it leaves instead: before anything is passed on. */
    void setTime(int position, long time) {
        times[position] = time;
    }

    /** The earliest of all times. */
    long earliest() {
        return LongStream.of(times).min().orElse(NO_TIME);
    }

    /** What is wrong with the event's time, or null. */
    @Nullable TimeProblem problem(int position) {
        return problems == null ? null : problems.get(position);
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

        /** Adds an event with its time, or with {@link #NO_TIME} and, unless its record has none, what is wrong with it. */
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
            return new PolledEvents(events, Arrays.copyOf(times, events.size()), problems, null);
        }
    }
}
