package io.millrace.io.bulkhead;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a route that is parked may try to go to its sink again: when the sink is seen to keep up with what is parked, and not
 * at once where it was tried in vain.
 */
final class Retreat {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** What is delivered later than so long after it was parked is not delivered while a bundle is held. */
    private static final Duration BEHIND_AT_MOST = Lane.PATIENCE;

    private final Ticker ticker;
    private Duration pause = Duration.ZERO;
    private long mayEndAtNanos;
    private @Nullable Long endedAtNanos;
    private long delivered;
    private long waiting;
    private final List<Look> looks = new ArrayList<>(); // the first is the newest of long ago

    private record Look(long atNanos, long parked) {}

    Retreat() {
        this(Ticker.systemTicker());
    }

    Retreat(Ticker ticker) {
        this.ticker = ticker;
        this.mayEndAtNanos = ticker.read();
    }

    /** The route is parked; as if for the first time, if its sink had kept up for a good while before. */
    void begin() {
        if (endedAtNanos != null && ticker.read() - endedAtNanos >= LONGEST_PAUSE.toNanos()) {
            pause = Duration.ZERO;
        }
        endedAtNanos = null;
        mayEndAtNanos = ticker.read() + pause.toNanos();
        pause = pause.isZero() ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        looks.clear();
    }

    /** The route goes to its sink again. */
    void end() {
        endedAtNanos = ticker.read();
    }

    /** Looks how many events were ever delivered, and how many wait. */
    void look(long delivered, long waiting) {
        this.delivered = delivered;
        this.waiting = waiting;
        looks.add(new Look(ticker.read(), delivered + waiting));
        while (looks.size() > 1 && isLongAgo(looks.get(1))) {
            looks.remove(0);
        }
    }

    private boolean isLongAgo(Look look) {
        return ticker.read() - look.atNanos() >= BEHIND_AT_MOST.toNanos();
    }

    /** Whether nothing waits, or all is delivered that was parked half a second ago; and the pause is over. */
    boolean mayEnd() {
        Look before = looks.get(0);
        boolean keepsUp = isLongAgo(before) && delivered >= before.parked();
        return (waiting == 0 || keepsUp) && ticker.read() - mayEndAtNanos >= 0;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
