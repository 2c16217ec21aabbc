package io.millrace.transforms.script.version;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.script.version.Timeline.Span;
import io.millrace.transforms.script.version.VersionWatch.Choice;

/**
 * What is known at a moment.
 *
 * @param timeline what was accepted
 * @param ready whether all that was there at the start is decided on
 * @param knownUpTo up to which event time nothing can change any more, in epoch milliseconds
 * @param askedMillis when the log was asked last of what was read to its end
 */
record Snapshot(Timeline timeline, boolean ready, long knownUpTo, long askedMillis) {
    static final Snapshot NOTHING = new Snapshot(Timeline.EMPTY, false, Long.MIN_VALUE, Long.MIN_VALUE);

    boolean hasVersions() {
        return ready && !timeline.isEmpty();
    }

    boolean knows(long millis) {
        return millis <= knownUpTo && hasVersions();
    }

    Choice choose(long millis) {
        Span span = requireNonNull(timeline.at(millis));
        return knows(millis)
                ? new Choice(new Span(span.activation(), span.from(), Math.min(span.to(), knownUpTo)), false)
                : new Choice(new Span(span.activation(), millis, millis), true);
    }
}
