package io.millrace.io.objects;

import io.millrace.transforms.event.DeadLetter;
import java.io.Serializable;
import java.time.Duration;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;

/**
 * Where windows begin and end, and from which watermark on an event is too late for one: windows of one size, aligned to
 * 1970-01-01T00:00Z, each open until the watermark has passed its end by the allowed lateness.
 */
final class WindowClock implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Instant LAST_FIRING = GlobalWindow.INSTANCE.maxTimestamp();

    private final long size;
    private final long allowedLateness;

    WindowClock(Duration size, Duration allowedLateness) {
        this.size = size.toMillis();
        this.allowedLateness = allowedLateness.toMillis();
    }

    /** Where the window of an event begins. */
    Instant windowStart(Instant time) {
        return new Instant(
                Math.max(time.getMillis() - Math.floorMod(time.getMillis(), size), DeadLetter.NO_TIME.getMillis()));
    }

    /** When a window is complete but for late events. */
    Instant end(Instant windowStart) {
        return firing(windowStart.getMillis() + size);
    }

    /** When a window takes no more events. */
    Instant closing(Instant windowStart) {
        return firing(windowStart.getMillis() + size + allowedLateness);
    }

    /** The end of the window after the one that a watermark is in. */
    Instant nextEnd(Instant watermark) {
        return firing(windowStart(watermark).getMillis() + 2 * size);
    }

    /** Whether a watermark is the one at the end of the input. */
    boolean isEndOfTime(Instant watermark) {
        return !watermark.isBefore(LAST_FIRING);
    }

    /** The end of the last window that is closed at a watermark: windows that end then or before take no more events. */
    Instant closedUntil(Instant watermark) {
        long latest = Math.max(watermark.getMillis() - allowedLateness, DeadLetter.NO_TIME.getMillis());
        return windowStart(new Instant(latest));
    }

    /** Whether a window takes no more events when windows are closed until a time. */
    boolean isClosed(Instant windowStart, Instant closedUntil) {
        return windowStart.getMillis() + size <= closedUntil.getMillis();
    }

    /** What is wrong with an event that is too late for its window. */
    String lateMessage(Instant windowStart, Instant closedUntil, Instant watermark) {
        long closing = windowStart.getMillis() + size + allowedLateness;
        long reached = Math.max(watermark.getMillis(), closedUntil.getMillis() + allowedLateness);
        return "event must come before the watermark is " + Duration.ofMillis(allowedLateness)
                + " past its window's end " + new Instant(windowStart.getMillis() + size) + ", but came "
                + Duration.ofMillis(reached - closing) + " later than that";
    }

    private static Instant firing(long millis) {
        return new Instant(Math.min(millis, LAST_FIRING.getMillis()));
    }
}
