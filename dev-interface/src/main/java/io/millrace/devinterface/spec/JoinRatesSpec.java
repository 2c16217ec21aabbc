package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.transforms.expression.TextExpression;
import java.time.Duration;

/** How many left events of each window of time were given to a right one, by what they have in common. */
public record JoinRatesSpec(
        @Setting(
                value =
                        "What left events are counted by: an expression like the key of a side. An event for which it gives null is"
                                + " a dead letter, and not joined.",
                example = "event.title_id")
        TextExpression by,

        @Setting(
                value = "How long the windows are of the event times by which left events are counted.",
                byDefault = "PT10M")
        Duration window) {

    public JoinRatesSpec {
        checkArgument(window.toMillis() >= 1, "window must be at least a millisecond, but was %s", window);
    }
}
