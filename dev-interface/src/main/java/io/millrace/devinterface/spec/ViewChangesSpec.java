package io.millrace.devinterface.spec;

import io.millrace.io.config.Setting;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.TextExpression;
import io.millrace.transforms.expression.TimeExpression;
import org.jspecify.annotations.Nullable;

/** Events that change a view. */
public record ViewChangesSpec(
        @Setting(value = "The source that they come from, by its name in sources.", example = "assets")
        String from,

        @Setting(value = "Which events of the source they are: an expression that is true or false. Without it, all.")
        @Nullable Filter filter,

        @Setting(
                value =
                        "The key of the view that an event changes: an expression that gives a text, a number, as JSON writes it, true or"
                                + " false, or bytes of UTF-8. An event for which it gives null is a dead letter, viewKeyFailed.",
                example = "event.cdn + \"/\" + event.movie_id")
        TextExpression key,

        @Setting(
                value =
                        "Which of the key's items an event is about: an expression like the key. Of an item the event of the highest"
                                + " version counts. Without it, a key has one item.",
                example = "event.appliance")
        @Nullable TextExpression item,

        @Setting(
                value =
                        "What an item is: written as the projection of a route is. Without it, the whole document. What an event has"
                                + " of its own, such as when it was sent, makes it another item each time: leave it out.",
                example = "{appliance: event.appliance, path: event.path}")
        @Nullable ProjectSpec keep,

        @Setting(
                value = "Which events remove their item: an expression that is true or false. Without it, none.",
                example = "event.kind == \"removed\"")
        @Nullable Filter removes,

        @Setting(
                value =
                        "The version of an event, by which it is known which of two is the later one: an expression that gives a whole"
                                + " number, or a time (RFC 3339), which counts in milliseconds. Without it, the event's time.",
                example = "event.seq")
        @Nullable TimeExpression version) {}
