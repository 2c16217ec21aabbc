package io.millrace.pipelines.join.trace;

import java.util.List;

/**
 * A right event of a key, and what it was given.
 *
 * @param event the event
 * @param outcome what became of it, as a sentence
 * @param fixes what would have to be set for it to be taken; empty where it was
 * @param given the left events that it was given
 * @param untold the times of those that it was given, but of which no trace tells that they came
 * @param notGiven the other left events of the key, and why it was not given them
 */
public record RightEvent(
        ToldEvent event,
        String outcome,
        List<Fix> fixes,
        List<ToldEvent> given,
        List<Long> untold,
        List<NotGiven> notGiven) {
    public RightEvent {
        fixes = List.copyOf(fixes);
        given = List.copyOf(given);
        untold = List.copyOf(untold);
        notGiven = List.copyOf(notGiven);
    }
}
