package io.millrace.transforms.script.version;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.millrace.transforms.event.SystemClock;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.Timeline.Span;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * <p><i>Fails</i>: where there is no version for five minutes; at once where the log can never be read as it is.
 */
public final class VersionWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VersionWatch.class);
    private static final long MARGIN_MILLIS = VersionBook.LEAD.toMillis() / 2; // for clocks and brokers
    private static final Duration REPLIED_TO = Duration.ofHours(1);

    /**
     * What a watch is of. Tasks with equal settings share one.
     *
     * @param log where control records are read
     * @param language the language of all versions
     * @param function the one function that is called, or null for those that a version defines
     * @param limits what a version may use for an event
     * @param pipeline the pipeline whose script it is
     * @param route the route whose script it is
     */
    public record Settings(
            ControlLog log,
            String language,
            @Nullable ScriptFunction function,
            ScriptLimits limits,
            String pipeline,
            String route) {}

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
    private final Waits waits;
    private final Executor decisions;
    private final Executor words;
    private final VersionBook book;
    private final Withdrawer withdrawer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Entry> undecided = new ArrayDeque<>();
    private boolean wasRead;
    private long askedMillis;
    private int historyLeft;
    private boolean waitedForFirst;
    private @Nullable Throwable outage;
    private boolean waitingHelps = true;
    private volatile Snapshot snapshot = Snapshot.NOTHING;

    private ControlLog.@Nullable Reader reader;

    VersionWatch(Settings settings, Clock clock, Waits waits, Executor decisions, Executor words) {
        this.settings = settings;
        this.clock = clock;
        this.waits = waits;
        this.decisions = decisions;
        this.words = words;
        this.book = new VersionBook(settings.language(), settings.function(), settings.limits());
        this.withdrawer = new Withdrawer(settings.log(), settings.route(), clock, words);
    }

    /** The watch that the tasks of this process share; each closes it. */
    public static VersionWatch open(Settings settings) {
        return SharedWatches.open(settings, SystemClock.utc());
    }

    @Override
    public void close() {
        SharedWatches.close(settings);
    }

    /** Reads what has come; on one thread, again and again. */
    void read() {
        long asked = clock.millis();
        try {
            if (reader == null) {
                reader = settings.log().open();
            }
            took(reader.read(), asked);
        } catch (Exception | Error e) { // an executor would not try again, and not say why
            failed(e);
        }
    }

    private void took(ControlLog.Read read, long asked) {
        locked(() -> {
            if (outage != null) {
                LOG.info("control log {} can be read again", settings.log().name());
            }
            outage = null;
            undecided.addAll(read.entries());
            historyLeft += wasRead ? 0 : read.entries().size();
            if (read.complete()) {
                wasRead = true;
                askedMillis = asked;
            }
            publish(snapshot.timeline());
        });
        if (!read.entries().isEmpty()) {
            decisions.execute(this::decide);
        }
    }

    private void failed(Throwable e) {
        locked(() -> {
            if (outage == null) {
                LOG.warn(
                        "control log {} cannot be read, which is tried again: until then events that are ahead of what is known"
                                + " get the version known last, and say so in the header millrace-script-provisional. Events wait for a"
                                + " first version.",
                        settings.log().name(),
                        e);
            }
            outage = e;
            changed.signalAll();
        });
    }

    void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Decides on what was read, entry by entry; on one thread. */
    void decide() {
        List<ControlReply> replies = new ArrayList<>();
        Instant repliedTo = clock.instant().minus(REPLIED_TO);
        for (Entry entry = next(); entry != null; entry = next()) {
            Decision decision = book.add(entry);
            decided(entry, decision);
            if (entry.published() == null || entry.published().isAfter(repliedTo)) {
                replies.add(decision.reply(settings.pipeline(), settings.route()));
            }
        }
        if (!replies.isEmpty()) {
            words.execute(() -> reply(replies));
        }
    }

    private @Nullable Entry next() {
        lock.lock();
        try {
            return undecided.peek();
        } finally {
            lock.unlock();
        }
    }

    private void decided(Entry entry, Decision decision) {
        locked(() -> {
            undecided.remove();
            log(entry, decision, historyLeft > 0);
            historyLeft = Math.max(0, historyLeft - 1);
            publish(book.timeline());
        });
    }

    private void log(Entry entry, Decision decision, boolean history) {
        if (history) {
            return; // was said when it came
        }
        if (!decision.isAccepted()) {
            LOG.warn(
                    "route {}: control record '{}' of {} is refused, and changes nothing: {}",
                    settings.route(),
                    decision.record(),
                    settings.log().name(),
                    String.join("; ", decision.problems()));
        } else if (!decision.repeated()) {
            LOG.info(
                    "route {}: version {} of the script is accepted by control record {}, for events from {} on (published at {})",
                    settings.route(),
                    decision.version(),
                    decision.record(),
                    decision.effectiveFrom(),
                    entry.published());
        }
    }

    private void reply(List<ControlReply> replies) {
        try {
            settings.log().reply(replies);
        } catch (IOException | RuntimeException e) {
            LOG.warn("control log {} does not take replies: {}", settings.log().name(), e.toString());
        }
    }

    private void publish(Timeline timeline) {
        boolean ready = wasRead && historyLeft == 0;
        long known = ready ? Math.max(snapshot.knownUpTo(), knownUpTo()) : Long.MIN_VALUE;
        waitingHelps |= known > snapshot.knownUpTo();
        snapshot = new Snapshot(timeline, ready, known);
        changed.signalAll();
    }

    /** Events before the time of an undecided record have their versions whatever becomes of it. */
    private long knownUpTo() {
        long known = askedMillis + MARGIN_MILLIS;
        for (Entry entry : undecided) {
            known = Math.min(known, VersionBook.mayChangeFrom(entry) - 1);
        }
        return known;
    }

    /** The version of an event at a time; waits as long as that helps. */
    public Choice choose(long millis) throws InterruptedException {
        Snapshot now = snapshot;
        return now.knows(millis) ? now.choose(millis) : awaitChoice(millis);
    }

    private Choice awaitChoice(long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitFirst();
            if (!snapshot.knows(millis) && waitingHelps && isNear(millis)) {
                awaitKnown(millis);
            }
            return snapshot.choose(millis);
        } finally {
            lock.unlock();
        }
    }

    private boolean isNear(long millis) {
        return millis - MARGIN_MILLIS <= clock.millis() + waits.forEvent().toMillis();
    }

    private void awaitKnown(long millis) throws InterruptedException {
        long left = waits.forEvent().toNanos();
        while (left > 0 && waitingHelps && !snapshot.knows(millis)) {
            left = changed.awaitNanos(left);
        }
        waitingHelps &= left > 0; // whoever comes now need not wait in vain as well, until more is known
    }

    private void awaitFirst() throws InterruptedException {
        long left = waits.forFirst().toNanos();
        while (!snapshot.hasVersions()) {
            if (snapshot.ready() && !waitedForFirst) {
                waitedForFirst = true;
                LOG.warn(
                        "route {} of {} waits for a first version of its script, and holds its events: send one with `script"
                                + " publish` to {}",
                        settings.route(),
                        settings.pipeline(),
                        settings.log().name());
            }
            left = awaitChange(
                    left,
                    "have a version of the script of route " + settings.route() + " (sent with `script publish`)");
        }
    }

    private long awaitChange(long leftNanos, String rule) throws InterruptedException {
        if (outage instanceof ControlLogException) {
            throw new ControlLogException(requireNonNull(outage.getMessage()), outage);
        }
        if (leftNanos <= 0) {
            throw new IllegalStateException(
                    "control log " + settings.log().name() + " must " + rule + ", but within "
                            + waits.forFirst().toSeconds() + " s "
                            + (outage == null ? "it had none" : "it could not be read"),
                    outage);
        }
        return changed.awaitNanos(leftNanos);
    }

    /**
     * The accepted version of an id, after the log was read to its end.
     *
     * @throws IllegalArgumentException if there is none
     */
    public ScriptVersion version(String id) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = waits.forFirst().toNanos();
            while (!snapshot.ready()) {
                left = awaitChange(left, "be read");
            }
            return snapshot.timeline()
                    .version(id)
                    .orElseThrow(() ->
                            new IllegalArgumentException("script version must be one that is accepted in control log "
                                    + settings.log().name() + ", but was '" + id + "'"));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts the version before in force again, from a second ahead on, where this one is in force then and has failed too often.
     *
     * @param version the id of the version that fails
     * @param why a sentence for the record
     * @return whether that was asked for by this call, and not before
     */
    @CanIgnoreReturnValue
    public boolean withdraw(String version, String why) {
        return withdrawer.withdraw(version, why, () -> snapshot.timeline());
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** What is known at a moment. */
    private record Snapshot(Timeline timeline, boolean ready, long knownUpTo) {
        static final Snapshot NOTHING = new Snapshot(Timeline.EMPTY, false, Long.MIN_VALUE);

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
}
