package io.millrace.transforms.script.version;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.VersionWatch.Settings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides on what was read, entry by entry, and says what became of it. */
final class Deciding {
    private static final Logger LOG = LoggerFactory.getLogger(Deciding.class);
    private static final Duration REPLIED_TO = Duration.ofHours(1);
    private static final Duration MEMORY_AFTER = Duration.ofSeconds(10);

    private final Settings settings;
    private final Knowledge knowledge;
    private final Withdrawer withdrawer;
    private final Clock clock;
    private final Executor decisions;
    private final Executor words;
    private final VersionBook book;

    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicLong tooLate = new AtomicLong();
    private final AtomicLong withdrawn = new AtomicLong();
    private volatile long notBefore = Long.MIN_VALUE;
    private volatile boolean stopped;

    Deciding(
            Settings settings,
            Knowledge knowledge,
            Withdrawer withdrawer,
            Clock clock,
            Executor decisions,
            Executor words) {
        this.settings = settings;
        this.knowledge = knowledge;
        this.withdrawer = withdrawer;
        this.clock = clock;
        this.decisions = decisions;
        this.words = words;
        this.book = new VersionBook(settings.language(), settings.function(), settings.limits());
    }

    /** Lets what is undecided be decided on, if that is not being done; called after each reading. */
    void begin() {
        if (!stopped && knowledge.next() != null && clock.millis() >= notBefore && busy.compareAndSet(false, true)) {
            decisions.execute(this::decide);
        }
    }

    /** Decides on nothing more. */
    void stop() {
        stopped = true;
    }

    private void decide() {
        List<ControlReply> replies = new ArrayList<>();
        try {
            for (Undecided next = knowledge.next(); next != null && !stopped; next = knowledge.next()) {
                decide(next, replies);
            }
        } catch (OutOfMemoryError e) { // says nothing of the record, which is decided on when there is memory
            notBefore = clock.millis() + MEMORY_AFTER.toMillis();
            LOG.error(
                    "route {}: there is no memory to decide on a control record of {}; it is tried again in {} s, and until then"
                            + " nothing is known of the time from its effectiveFrom on",
                    settings.route(),
                    settings.log().name(),
                    MEMORY_AFTER.toSeconds(),
                    e);
        } finally {
            busy.set(false);
        }
        if (settings.replies() && !replies.isEmpty()) {
            words.execute(() -> reply(replies));
        }
    }

    private void decide(Undecided next, List<ControlReply> replies) {
        Decision decision = book.add(next);
        Snapshot before = knowledge.snapshot();
        boolean history = knowledge.decided(book.timeline());
        Entry entry = next.entry();
        say(entry, decision, history);
        count(decision, before, entry);
        Instant repliedTo = clock.instant().minus(REPLIED_TO);
        if (entry.published() == null || entry.published().isAfter(repliedTo)) {
            replies.add(decision.reply(settings.pipeline(), settings.route()));
        }
    }

    private void say(Entry entry, Decision decision, boolean history) {
        if (!decision.isAccepted()) {
            LOG.warn(
                    "route {}: control record '{}' of {}, published at {}, is refused, and changes nothing: {}",
                    settings.route(),
                    decision.record(),
                    settings.log().name(),
                    entry.published(),
                    String.join("; ", decision.problems()).replaceAll("\\s+", " "));
        } else if (!decision.repeated() && !history) {
            LOG.info(
                    "route {}: version {} of the script is accepted by control record {}, for events from {} on (published at {})",
                    settings.route(),
                    decision.version(),
                    decision.record(),
                    decision.effectiveFrom(),
                    entry.published());
        }
    }

    private void count(Decision decision, Snapshot before, Entry entry) {
        if (!decision.isAccepted() || decision.repeated()) {
            return;
        }
        if (withdrawer.hasWritten(decision)) {
            withdrawn.incrementAndGet();
        }
        long from = requireNonNull(decision.effectiveFrom()).toEpochMilli();
        if (before.knows(from)) {
            tooLate.incrementAndGet();
            LOG.error(
                    "route {}: control record {} of {} was seen too late: events from {} to {} may have been processed without"
                            + " version {}, and a rerun would process them by it. It was published at {}, and must be seen within {} ms"
                            + " by this clock: clocks differ, or brokers were too slow",
                    settings.route(),
                    decision.record(),
                    settings.log().name(),
                    decision.effectiveFrom(),
                    Instant.ofEpochMilli(before.knownUpTo()),
                    decision.version(),
                    entry.published(),
                    VersionBook.LEAD.toMillis() / 2);
        }
    }

    private void reply(List<ControlReply> replies) {
        try {
            settings.log().reply(replies);
        } catch (IOException | RuntimeException e) {
            LOG.warn("control log {} does not take replies: {}", settings.log().name(), e.toString());
        }
    }

    /** How many accepted records were seen too late since this was asked last. */
    long takeTooLate() {
        return tooLate.getAndSet(0);
    }

    /** How many withdrawals of this process were accepted since this was asked last. */
    long takeWithdrawn() {
        return withdrawn.getAndSet(0);
    }
}
