package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.io.config.Setting;
import io.millrace.io.files.FilePublish;
import io.millrace.io.http.HttpPublish;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.TextExpression;
import io.millrace.transforms.view.FullPublish;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where all that a view should hold comes from, and when it is read. */
@OneOf({"http", "files"})
public record ViewPublishSpec(
        @Setting("A service of HTTP that gives it in pages.") @Nullable HttpPublish http,

        @Setting("Files of JSON Lines that have it.") @Nullable FilePublish files,

        @Setting(value = "Which entries are of the view: an expression over an entry as event. Without it, all.")
        @Nullable Filter filter,

        @Setting(value = "The key of an entry, as that of changes.", example = "event.cdn + \"/\" + event.movie_id")
        TextExpression key,

        @Setting(value = "The item of an entry, as that of changes.", example = "event.appliance") @Nullable TextExpression item,

        @Setting(
                value =
                        "What the item is, as with changes: it must be the same for one entry and the event that it came from.",
                example = "{appliance: event.appliance, path: event.path}")
        @Nullable ProjectSpec keep,

        @Setting(
                value =
                        "How long after one the next begins. Without it, one is read when the job begins without state, and one each time"
                                + " that view publish asks for it.",
                example = "PT6H")
        @Nullable Duration every,

        @Setting(
                value =
                        "What was changed in the last time before it is read may be missing in it, for so long: the version of a"
                                + " publish that does not say one is the time when it began, less this. Files say one.",
                byDefault = "PT0S")
        Duration lag,

        @Setting(
                value = "How many entries a second are read at most, so that events are not held up.",
                byDefault = "20000")
        double entriesPerSecond) {

    public ViewPublishSpec {
        checkArgument((http == null) != (files == null), "publish must have exactly one of http, files");
        checkArgument(
                every == null || every.compareTo(Duration.ofSeconds(1)) >= 0,
                "every must be at least a second, but was %s",
                every);
        checkArgument(!lag.isNegative(), "lag must be at least 0, but was %s", lag);
        checkArgument(
                lag.isZero() || files == null,
                "lag must be PT0S with files, whose version is when they were changed, but was %s",
                lag);
        checkArgument(entriesPerSecond > 0, "entriesPerSecond must be more than 0, but was %s", entriesPerSecond);
    }

    /** Where it comes from. */
    public FullPublish<Event> from() {
        return http == null ? requireNonNull(files) : http;
    }

    /** Whether its version is what the answers of a service say, and not a time on somebody's clock. */
    boolean saysVersion() {
        return http != null && http.version() != null;
    }
}
