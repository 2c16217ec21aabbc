package io.millrace.pipelines.join.trace;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.transforms.joiner.JoinIdentity;
import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace.Step;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An event of a key, as traces tell of it.
 *
 * @param side the side that it is of
 * @param time its event time, in epoch milliseconds
 * @param id its identity
 * @param fate what became of it: taken, late, or over the limit; taken, if it was once
 * @param watermark where the watermark stood when that was decided
 * @param arrivals how often it came
 * @param room of one over the limit, the limits with which there would have been room
 */
public record ToldEvent(Side side, long time, String id, Step fate, long watermark, int arrivals, List<Fix> room) {
    /** The order in which a join has them. */
    static final Comparator<ToldEvent> ORDER = Comparator.comparingLong(ToldEvent::time)
            .thenComparing(event -> JoinIdentity.bytes(event.id()), Arrays::compareUnsigned);

    public ToldEvent {
        room = List.copyOf(room);
    }

    boolean isLeft() {
        return side == Side.LEFT;
    }

    boolean isTaken() {
        return fate == Step.TAKEN;
    }

    /** Why it was not taken; nothing if it was. */
    Optional<Cause> refusal(JoinSpec join) {
        return switch (fate) {
            case LATE -> Optional.of(late(join));
            case OVER_LIMIT -> Optional.of(new Cause("came over the limit of the key", room));
            default -> Optional.empty();
        };
    }

    private Cause late(JoinSpec join) {
        if (Words.isEnd(watermark)) {
            return Cause.of("came late, after the end of everything");
        }
        long behind = watermark - time;
        if (Words.isStart(watermark) || behind <= join.allowedLateness().toMillis()) {
            return Cause.of("came late, when its key was settled for its time before the job was started again");
        }
        return Cause.of(
                "came late, " + Words.span(behind) + " behind the watermark", Fix.span("allowedLateness", behind));
    }

    /** It, as a sentence names it. */
    String name() {
        return (id.isEmpty() ? "the one" : id) + " of " + Words.time(time);
    }
}
