package io.millrace.io.kafka;

import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.joiner.Joined.Stage;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.header.Headers;

/**
 * Says of each record that {@link KafkaEvents.Write} has written what it is to a consumer: a result that is new, one that takes the place of
 * another or takes it back, or one to pass over. A consumer that puts what is {@link Verdict#NEW} and {@link Verdict#CORRECTION}
 * under its {@code millrace-id}, removes what is a {@link Verdict#RETRACTION}, and passes over the others, holds each result once and
 * none that a rewind has done away with, whatever was written twice, by a job that was taken back or by one that was thought to be dead.
 *
 * <p><i>Shape</i>: one for each partition of a topic, asked once for each of its records, in their order. It needs no pipeline.
 *
 * <p><i>Guarantee</i>: of results in order, by one mark for each route and input partition, which only goes up: of a higher epoch, or of
 * the same and a later input. A job of a higher epoch begins when all of the one before is written that it does not make again, so what a
 * lower epoch writes once the higher one is seen is passed over; what it writes before that, and should not, is there until it is made again or retracted. Results of a replay of dead letters and
 * of a restatement, which come behind the mark while the job goes on, and those of a route that keeps no order are told apart by their identity. A record without Millrace's headers is new each time.
 *
 * <p>That is so within a partition. Where a corrected job gives a result another key, its partition may be another one; a consumer that puts
 * what it reads of all partitions in one place then keeps the {@code millrace-epoch} beside it, and lets no lower one take its
 * place. A route that reads a view is read by key, where the highest {@code millrace-version} counts.
 *
 * <p><i>State</i>: the marks, and the identities that the last two have, until the consumer says {@link #forget}; all of it as text in
 * {@link #marks}. A consumer that keeps this together with its results and offset goes on as if it had never stopped.
 *
 * <p><i>Fails</i>: {@link #goingOnFrom}, where the text is not of that form. For one thread.
 */
public final class Deduplicate {

    /** What a record is to a consumer. */
    public enum Verdict {
        /** A result that was not there, as far as the marks tell. */
        NEW,
        /**
         * A result of which there may have been one before, that it takes the place of: a higher epoch made it again, a restatement, or a replay
         * in a higher epoch, has written it, or a join has completed it.
         */
        CORRECTION,
        /** The result of this identity does not count any more. The record has no result of its own. */
        RETRACTION,
        /** It has been there before. */
        REPEAT,
        /** A lower epoch wrote it, of an event that a higher one has read again. */
        STALE;

        /** Whether a consumer passes over the record. */
        public boolean isPassedOver() {
            return this == REPEAT || this == STALE;
        }
    }

    private final Map<OriginMark.Input, OriginMark> marks = new HashMap<>();
    private final Map<ResultId, Known> known = new HashMap<>();

    private Deduplicate() {}

    /** For a consumer that reads a partition from its beginning, or has nothing of what was before. */
    public static Deduplicate fromTheStart() {
        return new Deduplicate();
    }

    /**
     * For a consumer that goes on behind the records that another one has asked about.
     *
     * @param marks what {@link #marks} gave then
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static Deduplicate goingOnFrom(String marks) {
        Deduplicate deduplicate = new Deduplicate();
        MarksText.read(marks, deduplicate.marks, deduplicate.known);
        return deduplicate;
    }

    /** What it knows, as text. */
    public String marks() {
        return MarksText.of(marks, known);
    }

    /**
     * Forgets identities, such as those of origins that no job and no replay can read any more: what comes of them later is new. Marks stay.
     */
    public void forget(Predicate<ResultId> identities) {
        known.keySet().removeIf(identities);
    }

    /** What the next record of the partition is. */
    public Verdict judge(Headers headers) {
        return WrittenResult.of(headers).map(this::judge).orElse(Verdict.NEW);
    }

    Verdict judge(WrittenResult result) {
        OriginMark mark = marks.getOrDefault(result.input(), OriginMark.NONE);
        if (result.retracts()) {
            return retraction(result, mark);
        }
        if (result.replayed()) {
            boolean wasReadAgain = !result.unordered() && mark.overtakes(result.epoch(), result.offset());
            return wasReadAgain ? Verdict.STALE : replayed(result, mark);
        }
        if (result.epoch() < mark.epoch()) {
            return mark.overtakes(result.epoch(), result.offset()) ? Verdict.STALE : Verdict.REPEAT;
        }
        return result.unordered() ? unordered(result, mark) : inOrder(result, mark);
    }

    /** What comes in a higher epoch than what the job has written here is of a restatement, or of a replay since: there may have been another one, of which the mark alone is known. */
    private Verdict replayed(WrittenResult result, OriginMark mark) {
        Verdict verdict = byIdentity(result);
        boolean isRestated = result.epoch() > mark.epoch() && mark.hasEverPassed(result.position());
        return verdict == Verdict.NEW && isRestated ? Verdict.CORRECTION : verdict;
    }

    private Verdict inOrder(WrittenResult result, OriginMark mark) {
        if (mark.hasPassed(result.epoch(), result.position())) {
            return Verdict.REPEAT;
        }
        marks.put(result.input(), mark.reached(result.epoch(), result.position()));
        if (known.containsKey(result.id())) {
            return byIdentity(result);
        }
        return mark.hasEverPassed(result.position()) ? Verdict.CORRECTION : Verdict.NEW;
    }

    private Verdict unordered(WrittenResult result, OriginMark mark) {
        marks.put(result.input(), mark.saw(result.epoch(), result.offset()));
        return byIdentity(result);
    }

    private Verdict byIdentity(WrittenResult result) {
        Known before = known.get(result.id());
        if (before == null) {
            known.put(result.id(), new Known(result.epoch(), EnumSet.of(result.stage())));
            return Verdict.NEW;
        }
        if (before.epoch > result.epoch()) {
            return Verdict.STALE;
        }
        if (before.has(result)) {
            return Verdict.REPEAT;
        }
        known.put(result.id(), before.and(result));
        return result.stage() == Stage.RETRACTION ? Verdict.RETRACTION : Verdict.CORRECTION;
    }

    private Verdict retraction(WrittenResult result, OriginMark mark) {
        Known before = known.get(result.id());
        boolean newerIsKnown = before != null && before.epoch > result.epoch();
        if (newerIsKnown || mark.overtakes(result.epoch(), result.offset())) {
            return Verdict.STALE;
        }
        if (before != null) {
            known.put(result.id(), new Known(result.epoch(), Set.of()));
        }
        if (!result.replayed() && result.epoch() >= mark.epoch()) {
            marks.put(result.input(), mark.saw(result.epoch(), result.offset()));
        }
        return Verdict.RETRACTION;
    }

    /**
     * What is known of an identity.
     *
     * @param epoch the highest epoch
     * @param stages what that epoch has written of it; nothing where it was retracted
     */
    record Known(long epoch, Set<Stage> stages) {
        boolean has(WrittenResult result) {
            return epoch == result.epoch() && stages.contains(result.stage());
        }

        Known and(WrittenResult result) {
            EnumSet<Stage> all = EnumSet.of(result.stage());
            if (epoch == result.epoch()) {
                all.addAll(stages);
            }
            return new Known(result.epoch(), all);
        }
    }
}
