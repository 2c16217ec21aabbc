package io.millrace.devinterface.spec;

import io.millrace.io.config.Setting;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Projection;
import io.millrace.transforms.expression.TextExpression;
import io.millrace.transforms.router.Route.OnError;
import org.jspecify.annotations.Nullable;

/** One route: which events it takes, what it makes of them, and where they go. Without a projection, bytes pass unchanged. */
public record RouteSpec(
        @Setting(
                value =
                        "The route's name, of lower-case letters, digits and '-'; part of its step names, object names and "
                                + "metrics.",
                example = "long-plays")
        @Name
        String name,

        @Setting(
                value = "Which events the route takes: an expression that is true or false. Without it, all.",
                example = "'event.duration_s > 60 && event.country in [\"US\", \"CA\"]'")
        @Nullable Filter filter,

        @Setting(
                value =
                        "What the route makes of an event: a mapping of output field to expression, in the order of output; "
                                + "or a list of fields to keep, where they were, of which those missing are left out. Without it, "
                                + "the event's bytes pass on unchanged.",
                example = "{profile_id: event.profile_id, minutes: event.duration_s / 60.0}")
        @Nullable ProjectSpec project,

        @Setting(
                value =
                        "What becomes of an event for which an expression fails: deadLetter, or drop, which counts it as "
                                + "filtered.",
                byDefault = "deadLetter")
        OnError onError,

        @Setting(
                value =
                        "The key of the record or document that is written: an expression. Without it, the event's own key.",
                example = "event.profile_id")
        @Nullable TextExpression key,

        @Setting(value = "Where the route's events go: a sink's name with its settings.", example = "{console: {}}")
        SinkSpec<?> sink) {

    public RouteSpec {
        Names.check(name);
    }

    /** The projection, or null where bytes pass unchanged. */
    public @Nullable Projection projection() {
        return project == null ? null : project.projection();
    }
}
