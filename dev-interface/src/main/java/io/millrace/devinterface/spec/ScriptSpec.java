package io.millrace.devinterface.spec;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.io.config.Setting;
import io.millrace.transforms.script.RunScript;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A route's script: a user's functions, in a file, in the spec itself, or in versions that come while the route runs; and what they may
 * use up for an event.
 */
@OneOf({"file", "source", "dynamic"})
public record ScriptSpec(
        @Setting(value = "The language of the script.", byDefault = Script.JAVASCRIPT)
        String language,

        @Setting(
                value =
                        "The script's file, in UTF-8; a relative name is one in the folder where the command runs. Its text is put"
                                + " in the place of its name when the spec is read, so the version of the spec changes with the"
                                + " script.",
                example = "play-minutes.js")
        @Nullable String file,

        @Setting(
                value = "The script's text.",
                example = "'function map(event) { return {title: event.title_id, minutes: event.duration_s / 60} }'")
        @Nullable String source,

        @Setting(
                value =
                        "Where versions of the script come from while the route runs. Each counts from an event time on: an event is"
                                + " processed by the newest version whose time is not after its own, in every run; the first version counts"
                                + " for all events before its time, too. The route waits for a first version, and a shared job is not"
                                + " started without one. `script publish` sends one.",
                example = "{kafka: {bootstrapServers: localhost:9092, topic: play_script}}")
        @Nullable DynamicSpec dynamic,

        @Setting(
                value =
                        "When a version is withdrawn by itself, and the one before it put in force again: where it fails for too many"
                                + " events. Those count whose time is at most ten minutes past: who catches up meets failures that"
                                + " were dealt with long ago. Of a dynamic script.",
                example = "{share: 0.2, over: 500}")
        @Nullable WithdrawSpec withdraw,

        @Setting(
                value =
                        "The one function that is called: filter(event, context) says whether an event is kept, map gives the object that"
                                + " is made of it, flatMap an array of objects. Without it, those that the script defines: filter first,"
                                + " then map or flatMap. `script test --help` says what context has.",
                example = "map")
        @Nullable ScriptFunction function,

        @Setting(
                value =
                        "What the script may use up for one event. An event for which it uses more is a dead letter, and the next one"
                                + " is processed.",
                byDefault = "{}")
        ScriptLimitsSpec limits) {
    private static final int MAX_CHARACTERS = 1_000_000;
    private static final WithdrawSpec WITHDRAW =
            new WithdrawSpec(RunScript.DEFAULT_WITHDRAWN_SHARE, RunScript.DEFAULT_WITHDRAWN_OVER);

    public ScriptSpec {
        checkArgument(
                Stream.of(file, source, dynamic).filter(Objects::nonNull).count() == 1,
                "script must have exactly one of file, source, dynamic");
        checkArgument(
                withdraw == null || dynamic != null,
                "withdraw must not be given where the script has one text, to which there is no version before");
        checkArgument(source == null || !source.isBlank(), "source must not be empty, but was '%s'", source);
        checkArgument(
                source == null || source.length() <= MAX_CHARACTERS,
                "source must have at most %s characters, but has %s",
                MAX_CHARACTERS,
                source == null ? 0 : source.length());
    }

    /** The script; of a spec that is whole and has one text. */
    public Script script() {
        return new Script(language, requireNonNull(source), function);
    }

    /** What the script may use up for an event. */
    public ScriptLimits scriptLimits() {
        return limits.limits();
    }

    /** The same with a text in the place of a file. */
    ScriptSpec withSource(String source) {
        return new ScriptSpec(language, null, source, null, null, function, limits);
    }

    /** The same with all that is left out. */
    ScriptSpec completed() {
        return dynamic == null || withdraw != null
                ? ScriptFile.inlined(this)
                : new ScriptSpec(language, file, source, dynamic, WITHDRAW, function, limits);
    }
}
