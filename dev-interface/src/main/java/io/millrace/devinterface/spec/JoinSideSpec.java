package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.TextExpression;
import io.millrace.transforms.joiner.JoinStreams;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One of the two streams of a join. */
public record JoinSideSpec(
        @Setting(value = "The source that it comes from, by its name in sources.", example = "impressions")
        String from,

        @Setting(
                value =
                        "Which events of the source are of this side: an expression that is true or false. Without it, all. Where both"
                                + " sides come from one source each must have one; an event that both take is joined with itself, too.",
                example = "event.kind == \"impression\"")
        @Nullable Filter filter,

        @Setting(
                value =
                        "What an event has in common with those of the other side: an expression that gives a text, a number, as JSON"
                                + " writes it, true or false, or bytes of UTF-8. An event for which it gives null is a dead letter.",
                example = "event.profile_id + \"/\" + event.title_id")
        TextExpression key,

        @Setting(
                value =
                        "What is kept of an event, written as the projection of a route is: that is what waits for the other side, and"
                                + " what the results have. Without it, the whole document.",
                example = "{row: event.row, artwork: event.artwork}")
        @Nullable ProjectSpec keep,

        @Setting(
                value =
                        "What an event has in common with its duplicates, which are dropped if they are of the same key and time: an"
                                + " expression like the key. Without it, where it was read, so that a record that was read twice is one.",
                example = "event.event_id")
        @Nullable TextExpression id,

        @Setting(
                value =
                        "How long an event waits, in event time, for those of the other side that are after it. left.waits and"
                                + " right.looksBack speak of one distance, right.waits and left.looksBack of the other: where both are given"
                                + " the shorter counts. Without the second pair no left event is joined that is after its right one.",
                example = "PT6H")
        @Nullable Duration waits,

        @Setting(
                value = "How far an event looks back for those of the other side that were before it. See waits.",
                example = "PT4H")
        @Nullable Duration looksBack) {

    public JoinSideSpec {
        check("waits", waits);
        check("looksBack", looksBack);
    }

    static void check(String name, @Nullable Duration bound) {
        checkArgument(bound == null || !bound.isNegative(), "%s must be at least 0, but was %s", name, bound);
        checkArgument(
                bound == null || bound.compareTo(JoinStreams.LONGEST_BOUND) <= 0,
                "%s must be at most %s, but was %s",
                name,
                JoinStreams.LONGEST_BOUND,
                bound);
    }
}
