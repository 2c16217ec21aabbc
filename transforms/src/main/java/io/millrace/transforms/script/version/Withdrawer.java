package io.millrace.transforms.script.version;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes withdrawals, each once in a while; several processes may write the same one, which counts once. */
final class Withdrawer {
    private static final Logger LOG = LoggerFactory.getLogger(Withdrawer.class);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

    private final ControlLog log;
    private final String route;
    private final Clock clock;
    private final Executor words;

    private String asked = "";
    private long askedNanos;
    private volatile @Nullable Written written;

    Withdrawer(ControlLog log, String route, Clock clock, Executor words) {
        this.log = log;
        this.route = route;
        this.clock = clock;
        this.words = words;
    }

    boolean withdraw(Activation failing, String why, Supplier<Timeline> timeline) {
        Withdrawal withdrawal = Withdrawal.of(timeline.get(), failing, time());
        String version = failing.version().id();
        if (withdrawal == null || !isAskedFirst(withdrawal.id())) {
            return false;
        }
        if (withdrawal.to() == null) {
            LOG.error(
                    "route {}: version {} of the script fails and stays in force, since there is none before it to go back to: {}",
                    route,
                    version,
                    why);
            return false;
        }
        LOG.error(
                "route {}: version {} of the script is to be withdrawn, and version {} put in force again, by control record {}: {}",
                route,
                version,
                withdrawal.to(),
                withdrawal.id(),
                why);
        words.execute(() -> append(failing, why, timeline));
        return true;
    }

    private Instant time() {
        return Instant.ofEpochMilli(clock.millis()).plus(VersionBook.AHEAD);
    }

    /** A withdrawal that was written too slowly is refused: so as long as the version fails, it is tried again. */
    private synchronized boolean isAskedFirst(String id) {
        long now = System.nanoTime();
        if (asked.equals(id) && now - askedNanos < AGAIN_AFTER.toNanos()) {
            return false;
        }
        asked = id;
        askedNanos = now;
        return true;
    }

    private void append(Activation failing, String why, Supplier<Timeline> timeline) {
        try (ControlLog.Writer writer = log.write()) {
            new TimelyAppend(writer, clock).append(from -> control(failing, why, timeline.get(), from));
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "control log {} does not take the withdrawal of version {}, which stays in force; it is tried again while it"
                            + " fails",
                    log.name(),
                    failing.version().id(),
                    e);
        }
    }

    private Optional<ControlRecord> control(Activation failing, String why, Timeline timeline, Instant from) {
        Withdrawal withdrawal = Withdrawal.of(timeline, failing, from);
        if (withdrawal == null || withdrawal.to() == null) {
            return Optional.empty(); // another process was faster
        }
        written = new Written(withdrawal.id(), from);
        return Optional.of(ControlRecord.ofVersion(withdrawal.id(), withdrawal.to(), from, ControlRecord.MILLRACE)
                .withReason(why));
    }

    /** Whether what is accepted is the withdrawal that this process has written, and not that of another. */
    boolean hasWritten(Decision accepted) {
        return new Written(accepted.record(), accepted.effectiveFrom()).equals(written);
    }

    private record Written(String id, @Nullable Instant effectiveFrom) {}
}
