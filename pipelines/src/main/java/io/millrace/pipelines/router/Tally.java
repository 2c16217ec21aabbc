package io.millrace.pipelines.router;

import static io.millrace.pipelines.router.AuditFigure.DEAD_LETTERED;
import static io.millrace.pipelines.router.AuditFigure.DROPPED;
import static io.millrace.pipelines.router.AuditFigure.EXPECTED;
import static io.millrace.pipelines.router.AuditFigure.FOREIGN;
import static io.millrace.pipelines.router.AuditFigure.HELD;
import static io.millrace.pipelines.router.AuditFigure.MISSING;
import static io.millrace.pipelines.router.AuditFigure.REPEATED;
import static io.millrace.pipelines.router.AuditFigure.SUPERSEDED;

import io.millrace.io.sink.Held;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;

/**
 * What a sink should hold under one key, and what it does: as numbers, however many there are.
 *
 * @param required results that must be there
 * @param deadLettered results that stand among the dead letters: they may be there all the same, after a replay
 * @param held what is there
 */
record Tally(Pile required, Pile deadLettered, Pile held) {
    static final Coder<Tally> CODER = new TallyCoder();

    static Tally ofRequired(Held result) {
        return new Tally(Pile.of(result), Pile.NONE, Pile.NONE);
    }

    static Tally ofDeadLettered(Held result) {
        return new Tally(Pile.NONE, Pile.of(result), Pile.NONE);
    }

    static Tally ofHeld(Held held) {
        return new Tally(Pile.NONE, Pile.NONE, Pile.ofHeld(held));
    }

    Tally and(Tally other) {
        return new Tally(
                required.and(other.required), deadLettered.and(other.deadLettered), held.overtaking(other.held));
    }

    /** Whether the sink should hold anything under the key. */
    boolean isExpected() {
        return !required.isEmpty() || !deadLettered.isEmpty();
    }

    /** Adds what it says to figures. */
    void addTo(AuditFigures figures) {
        if (!isExpected()) {
            figures.add(held.count() == 0 ? DROPPED : FOREIGN, held.all(), held.name());
            return;
        }
        figures.add(EXPECTED, required.count() + deadLettered.count());
        figures.add(DROPPED, held.count() == 0 ? Math.max(0, held.dropped() - 1) : held.dropped());
        if (Math.max(required.version(), deadLettered.version()) == Held.EACH_COUNTS) {
            addEach(figures);
        } else {
            addNewest(figures);
        }
    }

    /** Every result counts, of a job that was rewound those of the newest epoch: those that must be there are looked for first. */
    private void addEach(AuditFigures figures) {
        long found = Math.min(held.count(), required.count());
        long replayed = Math.min(held.count() - found, deadLettered.count());
        figures.add(HELD, found + replayed);
        figures.add(DEAD_LETTERED, deadLettered.count() - replayed);
        figures.add(MISSING, required.count() - found, required.name() + whyUnseen());
        figures.add(REPEATED, held.count() - found - replayed, name() + ", last at " + held.name());
    }

    private String whyUnseen() {
        if (held.newest() != null && held.newest().sight() == Held.Sight.DELETED) {
            return ", which is retracted at " + held.name();
        }
        return held.dropped() == 0
                ? ""
                : ", which is at " + held.name() + ", behind later ones, where a reader drops it";
    }

    /** The newest result alone counts; all others of the key are there, in a way, if that one is. */
    private void addNewest(AuditFigures figures) {
        figures.add(REPEATED, held.count() - 1, name() + ", last at " + held.name());
        long others = Math.max(0, required.count() - 1);
        boolean newerIsDeadLettered = deadLettered.version() > required.version();
        if (!held.isEmpty() && held.version() > Math.max(required.version(), deadLettered.version())) {
            figures.add(FOREIGN, 1, held.name() + ", newer than any result of the input");
            figures.add(SUPERSEDED, required.count());
            figures.add(DEAD_LETTERED, deadLettered.count());
        } else if (!held.isEmpty() && newerIsDeadLettered && held.version() > required.version()) {
            figures.add(HELD, 1);
            figures.add(SUPERSEDED, required.count());
            figures.add(DEAD_LETTERED, deadLettered.count() - 1);
        } else if (required.isEmpty() || isAsRequired()) {
            figures.add(HELD, required.count() - others);
            figures.add(SUPERSEDED, others);
            figures.add(DEAD_LETTERED, deadLettered.count());
        } else {
            figures.add(MISSING, 1, required.name() + (held.isEmpty() ? "" : ", in whose place is " + held.name()));
            figures.add(SUPERSEDED, others);
            figures.add(DEAD_LETTERED, deadLettered.count());
        }
    }

    private boolean isAsRequired() {
        Held newest = required.newest();
        boolean deleted = newest != null && newest.sight() == Held.Sight.DELETED;
        return deleted ? held.isEmpty() : held.version() == required.version();
    }

    private String name() {
        return required.isEmpty() ? deadLettered.name() : required.name();
    }

    private static final class TallyCoder extends AtomicCoder<Tally> {
        private static final long serialVersionUID = 1;

        @Override
        public void encode(Tally tally, OutputStream out) throws IOException {
            Pile.CODER.encode(tally.required, out);
            Pile.CODER.encode(tally.deadLettered, out);
            Pile.CODER.encode(tally.held, out);
        }

        @Override
        public Tally decode(InputStream in) throws IOException {
            return new Tally(Pile.CODER.decode(in), Pile.CODER.decode(in), Pile.CODER.decode(in));
        }
    }
}
