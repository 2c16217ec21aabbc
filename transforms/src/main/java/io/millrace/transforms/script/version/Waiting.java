package io.millrace.transforms.script.version;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.script.version.VersionWatch.Choice;
import io.millrace.transforms.script.version.VersionWatch.Settings;
import io.millrace.transforms.script.version.VersionWatch.Waits;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How tasks wait for what is not known yet; as long as that helps. */
final class Waiting {
    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

    private final Settings settings;
    private final Knowledge knowledge;
    private final Waits waits;
    private final Clock clock;
    private final LongSupplier nanos;

    private boolean saidThatItWaits;
    private long vainUpTo = Long.MIN_VALUE;

    Waiting(Settings settings, Knowledge knowledge, Waits waits, Clock clock, LongSupplier nanos) {
        this.settings = settings;
        this.knowledge = knowledge;
        this.waits = waits;
        this.clock = clock;
        this.nanos = nanos;
    }

    Choice choose(long millis) throws InterruptedException {
        knowledge.lock();
        try {
            awaitSnapshot(
                    Snapshot::hasVersions,
                    "have a version of the script of route " + settings.route() + " (sent with `script publish`)");
            if (!knowledge.snapshot().knows(millis)
                    && Knowledge.isWithin(
                            millis, clock.millis(), waits.forEvent().toMillis())) {
                awaitKnown(millis);
            }
            return knowledge.snapshot().choose(millis);
        } finally {
            knowledge.unlock();
        }
    }

    Timeline history() throws InterruptedException {
        knowledge.lock();
        try {
            awaitSnapshot(Snapshot::ready, "be read");
            return knowledge.snapshot().timeline();
        } finally {
            knowledge.unlock();
        }
    }

    private void awaitKnown(long millis) throws InterruptedException {
        long left = waits.forEvent().toNanos();
        while (left > 0 && isHelpful() && !knowledge.snapshot().knows(millis)) {
            left = knowledge.await(left);
        }
        if (left <= 0) {
            vainUpTo = knowledge
                    .snapshot()
                    .knownUpTo(); // who comes now need not wait in vain as well, until more is known
        }
    }

    private boolean isHelpful() {
        return knowledge.snapshot().knownUpTo() > vainUpTo;
    }

    /** However long a history is, it is waited for while it is being decided on: who began anew would not be faster. */
    private void awaitSnapshot(Predicate<Snapshot> enough, String rule) throws InterruptedException {
        long decided = knowledge.historyDecided();
        long begun = nanos.getAsLong();
        while (!enough.test(knowledge.snapshot())) {
            failWhereItNeverHelps();
            if (knowledge.historyDecided() > decided) {
                decided = knowledge.historyDecided();
                begun = nanos.getAsLong();
            }
            sayThatItWaits();
            long left = waits.forFirst().toNanos() - (nanos.getAsLong() - begun);
            if (left <= 0) {
                throw new IllegalStateException(
                        "control log " + settings.log().name() + " must " + rule + ", but within "
                                + waits.forFirst().toSeconds() + " s " + knowledge.want(),
                        knowledge.outage());
            }
            knowledge.await(left);
        }
    }

    private void failWhereItNeverHelps() {
        if (knowledge.outage() instanceof ControlLogException never) {
            throw new ControlLogException(requireNonNull(never.getMessage()), never);
        }
    }

    private void sayThatItWaits() {
        if (knowledge.snapshot().ready() && !saidThatItWaits) {
            saidThatItWaits = true;
            LOG.warn(
                    "route {} of {} waits for a first version of its script, and holds its events: send one with `script publish`"
                            + " to {}",
                    settings.route(),
                    settings.pipeline(),
                    settings.log().name());
        }
    }
}
