package io.millrace.pipelines.join.trace;

import io.millrace.devinterface.spec.Credit;
import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.transforms.joiner.Side;
import io.millrace.transforms.joiner.Trace;
import io.millrace.transforms.joiner.Trace.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a key, and why events of it were not joined.
 *
 * <p>What was given to which right event is told by the traces; why another was not, by the spec as it is now. Which bounds would have joined them
 * is exact, since events belong together by their times alone; which limits would have is an estimate, since traces do not tell what was still kept.
 *
 * @param key the key
 * @param traces what was told, in the order of the clock
 * @param rights its right events, in the order of their times
 * @param nobodys the left events that no right one was given, each with the nearest right one
 */
public record KeyExplanation(String key, List<Trace> traces, List<RightEvent> rights, List<NotGiven> nobodys) {
    public KeyExplanation {
        traces = List.copyOf(traces);
        rights = List.copyOf(rights);
        nobodys = List.copyOf(nobodys);
    }

    /**
     * Explains a key.
     *
     * @param told its traces, each once
     * @param watermark how far the watermark of the join has come, in epoch milliseconds
     */
    public static KeyExplanation of(String key, JoinSpec join, Collection<Trace> told, long watermark) {
        List<Trace> traces = told.stream().sorted(TraceDocument.ORDER).toList();
        return new Explaining(join, traces, watermark).of(key);
    }

    private static final class Explaining {
        private final JoinSpec join;
        private final List<Trace> traces;
        private final long watermark;
        private final Distances distances;
        private final List<ToldEvent> events;
        private final List<ToldEvent> lefts;
        private final List<ToldEvent> rights;
        private final Gifts gifts;

        Explaining(JoinSpec join, List<Trace> traces, long watermark) {
            this.join = join;
            this.traces = traces;
            this.watermark = watermark;
            this.distances = new Distances(join);
            this.events = ToldEvents.of(join, traces);
            this.lefts = of(Side.LEFT, events);
            this.rights = of(Side.RIGHT, events);
            this.gifts = Gifts.of(join, lefts, rights, traces);
        }

        private static List<ToldEvent> of(Side side, List<ToldEvent> events) {
            return events.stream().filter(event -> event.side() == side).toList();
        }

        KeyExplanation of(String key) {
            return new KeyExplanation(
                    key,
                    traces,
                    rights.stream().map(this::explained).toList(),
                    lefts.stream()
                            .filter(left -> gifts.firstGiven(left).isEmpty())
                            .map(left -> nearest(left)
                                    .map(right -> notGiven(left, right))
                                    .orElseGet(() -> withoutRight(left)))
                            .toList());
        }

        private RightEvent explained(ToldEvent right) {
            List<ToldEvent> given = gifts.of(right);
            return new RightEvent(
                    right,
                    outcome(right),
                    right.refusal(join).map(Cause::fixes).orElse(List.of()),
                    given,
                    gifts.untold(right),
                    lefts.stream()
                            .filter(left -> !given.contains(left))
                            .map(left -> notGiven(left, right))
                            .toList());
        }

        private String outcome(ToldEvent right) {
            Optional<Cause> refusal = right.refusal(join);
            if (refusal.isPresent()) {
                return refusal.get().text() + ", so it was given nothing";
            }
            int number = gifts.of(right).size() + gifts.untold(right).size();
            String given = number == 0 ? "no left event" : Words.count(number, "left event", "left events");
            return isDecided(right)
                    ? "was given " + given
                    : "waits until the watermark is " + Words.time(distances.completeAt(right.time()))
                            + ", so far with " + given;
        }

        private boolean isDecided(ToldEvent right) {
            boolean hasResult = gifts.result(right)
                    .filter(result -> result.step() != Step.EARLY)
                    .isPresent();
            return hasResult || watermark >= distances.completeAt(right.time());
        }

        /** The first right event that is not before it, since that is what it may have led to; or else the last one. */
        private Optional<ToldEvent> nearest(ToldEvent left) {
            Optional<ToldEvent> after =
                    rights.stream().filter(right -> right.time() >= left.time()).findFirst();
            return after.isPresent() ? after : rights.stream().max(Comparator.comparing(ToldEvent::time));
        }

        private NotGiven withoutRight(ToldEvent left) {
            List<Cause> causes = new ArrayList<>();
            left.refusal(join).ifPresent(causes::add);
            causes.add(Cause.of("no right event of the key is told of"));
            return new NotGiven(left, null, causes);
        }

        private NotGiven notGiven(ToldEvent left, ToldEvent right) {
            List<Cause> causes = new ArrayList<>();
            right.refusal(join)
                    .ifPresent(cause -> causes.add(new Cause("the right one " + cause.text(), cause.fixes())));
            left.refusal(join).ifPresent(cause -> causes.add(new Cause("it " + cause.text(), cause.fixes())));
            if (!distances.isWithin(left.time(), right.time())) {
                causes.add(distances.outside(left.time(), right.time()));
            }
            if (causes.isEmpty()
                    ? isDecided(right)
                    : !new NotGiven(left, right, causes).fixes().isEmpty()) {
                credit(left, right, causes);
            }
            if (causes.isEmpty()) {
                causes.add(undecided(right));
            }
            return new NotGiven(left, right, causes);
        }

        /** What would stand in the way yet if nothing else did. */
        private void credit(ToldEvent left, ToldEvent right, List<Cause> causes) {
            if (!join.creditOnce() && join.credit() == Credit.ALL) {
                return;
            }
            Trial trial = trial(left, right, causes);
            if (trial.isGiven()) {
                return;
            }
            if (trial.firstGiven().isPresent()) {
                causes.add(earlier(left, trial));
                trial = trial(left, right, causes);
            }
            if (!trial.isGiven()) {
                causes.add(chosen(trial.given()));
                trial = trial(left, right, causes);
            }
            if (!trial.isGiven()) {
                causes.add(earlier(left, trial));
            }
        }

        private Trial trial(ToldEvent left, ToldEvent right, List<Cause> causes) {
            NotGiven one = new NotGiven(left, right, causes);
            return Trial.of(join, events, one, one.fixes());
        }

        /** A left event goes to the earliest of the right ones that it can be given to. */
        private Cause earlier(ToldEvent left, Trial trial) {
            Optional<ToldEvent> given = gifts.firstGiven(left);
            ToldEvent other = given.or(() -> trial.firstGiven()).orElseThrow();
            String went = given.isPresent() ? "it was given to " : "it would have gone to ";
            return Cause.of(went + other.name() + ", the earlier one", Fix.word("creditOnce", "false"));
        }

        private Cause chosen(List<ToldEvent> instead) {
            String credit = "credit: " + join.credit().name().toLowerCase(Locale.ROOT);
            String which = instead.isEmpty()
                    ? ""
                    : ", which would be " + instead.get(0).name();
            return Cause.of(credit + " gives it one alone" + which, Fix.word("credit", "all"));
        }

        private Cause undecided(ToldEvent right) {
            return isDecided(right)
                    ? Cause.of("by the spec as it is it would have been given: the job that told this had another spec,"
                            + " or not everything is told")
                    : Cause.of("it may still be given, when the watermark is "
                            + Words.time(distances.completeAt(right.time())));
        }
    }
}
