package io.millrace.devinterface.spec;

import io.millrace.io.config.Setting;
import io.millrace.transforms.script.ScriptLimits;
import java.time.Duration;

/** What a script may use up for one event, see {@link ScriptLimits}. */
public record ScriptLimitsSpec(
        @Setting(
                value =
                        "The time of the processor, so that an event is not to blame for a pause of the machine; one of more than 64 KB has as"
                                + " many times that.",
                byDefault = "PT0.05S")
        Duration time,

        @Setting(value = "How many results it may give.", byDefault = "1000")
        int outputs,

        @Setting(value = "How many bytes its results may have, all together.", byDefault = "4194304")
        long outputBytes,

        @Setting(value = "How deep its calls may be nested.", byDefault = "200")
        int depth,

        @Setting(
                value = "How many bytes it may allocate, whether or not they are still in use.",
                byDefault = "67108864")
        long memoryBytes) {

    public ScriptLimitsSpec {
        new ScriptLimits(time, outputs, outputBytes, depth, memoryBytes);
    }

    /** The limits that an engine keeps to. */
    public ScriptLimits limits() {
        return new ScriptLimits(time, outputs, outputBytes, depth, memoryBytes);
    }
}
