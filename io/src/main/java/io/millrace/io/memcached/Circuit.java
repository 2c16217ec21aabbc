package io.millrace.io.memcached;

import java.time.Duration;

/**
 * Whether a server is away: since something failed, until it has answered questions for a while. What was sent to it before may still lie
 * in its buffers when it goes on, and is done in that while, so that nothing older is done after what is sent next.
 *
 * <p>Times are those of {@link System#nanoTime}.
 */
final class Circuit {
    /** For how long a server answers before it counts as back. */
    static final Duration ANSWERS_FOR = Duration.ofSeconds(1);
    /** How much time is between two questions whether it is back. */
    static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(250);

    private boolean away;
    private boolean asked;
    private long askedAt;
    private boolean answers;
    private long answersSince;
    private String trouble = "";

    /** Something failed; whether the server is away since just now. */
    synchronized boolean failed(String trouble) {
        boolean wasThere = !away;
        this.trouble = trouble;
        away = true;
        asked = false;
        answers = false;
        return wasThere;
    }

    synchronized boolean isAway() {
        return away;
    }

    /** What failed last. */
    synchronized String trouble() {
        return trouble;
    }

    /** Whether the server is to be asked now if it is back; the answer is told by one of the other methods. */
    synchronized boolean asks(long now) {
        if (!away || asked || (askedAt != 0 && now - askedAt < BETWEEN_QUESTIONS.toNanos())) {
            return false;
        }
        asked = true;
        askedAt = now;
        return true;
    }

    /** The server answered a question; whether it is back since just now. */
    synchronized boolean answered(long now) {
        boolean wasAway = away;
        asked = false;
        if (!answers) {
            answers = true;
            answersSince = now;
        }
        away = away && now - answersSince < ANSWERS_FOR.toNanos();
        return wasAway && !away;
    }
}
