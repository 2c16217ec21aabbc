package io.millrace.transforms.script.version;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.millrace.transforms.event.SystemClock;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.version.Timeline.Span;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows for the tasks of a process which version of a route's script is in force at which event time, and up to which event time that is
 * known for certain: a record for an earlier time would have had to be published before the log was last read.
 *
 * <p><i>Time</i>: the log is read ten times a second, and what is read is decided on beside, so that a version that takes long to be
 * tested holds back no events before its own time. The version of an event at the present is known without waiting. An event that is
 * ahead waits, at most a second; once that was in vain, none waits until more is known.
 *
 * <p><i>State</i>: the accepted records. The threads end when the last task of the process has closed the watch.
 *
 * <p><i>Fails</i>: where there is no version for five minutes, not counting those in which a history is decided on; at once where the log can never be read as it is.
 */
public final class VersionWatch implements AutoCloseable {
    /** How long before now an event may be, by its time, to count where it is asked whether a version fails. */
    public static final Duration RECENT = Duration.ofMinutes(10);

    /**
     * What a watch is of. Tasks with equal settings share one.
     *
     * @param log where control records are read
     * @param language the language of all versions
     * @param function the one function that is called, or null for those that a version defines
     * @param limits what a version may use for an event
     * @param pipeline the pipeline whose script it is
     * @param route the route whose script it is
     * @param replies whether it is said in the log's replies what becomes of records
     */
    public record Settings(
            ControlLog log,
            String language,
            @Nullable ScriptFunction function,
            ScriptLimits limits,
            String pipeline,
            String route,
            boolean replies) {}

    /**
     * How long tasks wait.
     *
     * @param forEvent for the version of an event that is ahead of what is known
     * @param forFirst for a first version, or for the log to be read for the first time
     */
    record Waits(Duration forEvent, Duration forFirst) {
        static final Waits DEFAULT = new Waits(Duration.ofSeconds(1), Duration.ofMinutes(5));
    }

    /**
     * The version of an event.
     *
     * @param span what is in force at its time, and between which times the same is known to be; of what is not known, its time alone
     * @param provisional whether another version may turn out to have been in force
     */
    public record Choice(Span span, boolean provisional) {}

    private final Settings settings;
    private final Clock clock;
    private final Knowledge knowledge = new Knowledge();
    private final LogReading reading;
    private final Withdrawer withdrawer;
    private final Deciding deciding;
    private final Waiting waiting;

    VersionWatch(Settings settings, Clock clock, Waits waits, LongSupplier nanos, Executor decisions, Executor words) {
        this.settings = settings;
        this.clock = clock;
        this.reading = new LogReading(settings.log(), knowledge, clock);
        this.withdrawer = new Withdrawer(settings.log(), settings.route(), clock, words);
        this.deciding = new Deciding(settings, knowledge, withdrawer, clock, decisions, words);
        this.waiting = new Waiting(settings, knowledge, waits, clock, nanos);
    }

    /** The watch that the tasks of this process share; each closes it. */
    public static VersionWatch open(Settings settings) {
        return SharedWatches.open(settings, SystemClock.utc());
    }

    @Override
    public void close() {
        SharedWatches.close(settings);
    }

    /** Reads what has come, and lets it be decided on; on one thread, again and again. */
    void read() {
        reading.read();
        deciding.begin();
    }

    /** Decides on nothing more. */
    void stop() {
        deciding.stop();
    }

    void closeReader() {
        reading.close();
    }

    /** The version of an event at a time; waits as long as that helps. */
    public Choice choose(long millis) throws InterruptedException {
        Snapshot now = knowledge.snapshot();
        return now.knows(millis) ? now.choose(millis) : waiting.choose(millis);
    }

    /**
     * The accepted version of an id, after the log was read to its end.
     *
     * @throws IllegalArgumentException if there is none
     */
    public ScriptVersion version(String id) throws InterruptedException {
        return waiting.history()
                .version(id)
                .orElseThrow(
                        () -> new IllegalArgumentException("script version must be one that is accepted in control log "
                                + settings.log().name() + ", but was '" + id + "'"));
    }

    /** Whether an event of this time says something of the version that is in force now: it is {@link #RECENT}, or ahead. */
    public boolean isRecent(long millis) {
        return millis >= clock.millis() - RECENT.toMillis();
    }

    /**
     * Puts the version before in force again, from a second ahead on, where this is what is in force then, and fails too often.
     *
     * @param failing what put the version in force that fails
     * @param why a sentence for the record
     * @return whether that was asked for by this call, and not before
     */
    @CanIgnoreReturnValue
    public boolean withdraw(Activation failing, String why) {
        return withdrawer.withdraw(failing, why, () -> knowledge.snapshot().timeline());
    }

    /** How many withdrawals that this process wrote were accepted since this was asked last. */
    public long takeWithdrawn() {
        return deciding.takeWithdrawn();
    }

    /** How many accepted records came too late for this process to choose as a rerun would, since this was asked last. */
    public long takeTooLate() {
        return deciding.takeTooLate();
    }
}
