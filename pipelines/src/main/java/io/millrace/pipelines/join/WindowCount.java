package io.millrace.pipelines.join;

/**
 * How many events are of one window of time and have one thing in common.
 *
 * @param by what they have in common
 * @param windowStart the first moment of the window, in epoch milliseconds
 * @param count how many they are
 */
record WindowCount(String by, long windowStart, long count) {

    boolean isOfTheSameAs(WindowCount other) {
        return windowStart == other.windowStart && by.equals(other.by);
    }

    WindowCount and(WindowCount other) {
        return new WindowCount(by, windowStart, count + other.count);
    }
}
