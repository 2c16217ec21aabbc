package io.millrace.transforms.script;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a script may use up for one event. An event for which it uses more is a dead letter, {@code scriptLimit}.
 *
 * @param time the time of the processor, so that an event is not to blame for a pause of the machine; an event of more than
 *     {@link #BYTES_IN_TIME} has as many times that
 * @param outputs how many results it may give
 * @param outputBytes how many bytes its results may have, all together
 * @param depth how deep its calls may be nested
 * @param memoryBytes how many bytes it may allocate, whether or not they are still in use
 */
public record ScriptLimits(Duration time, int outputs, long outputBytes, int depth, long memoryBytes)
        implements Serializable {

    /** How many bytes an event has for which {@code time} is meant. */
    public static final int BYTES_IN_TIME = 65_536;

    /** The limits unless others are given. */
    public static final ScriptLimits DEFAULT = new ScriptLimits(Duration.ofMillis(50), 1_000, 4L << 20, 200, 64L << 20);

    public ScriptLimits {
        checkArgument(time.compareTo(Duration.ZERO) > 0, "time must be positive, but was %s", time);
        checkArgument(outputs >= 1, "outputs must be at least 1, but was %s", outputs);
        checkArgument(outputBytes >= 1, "outputBytes must be at least 1, but was %s", outputBytes);
        checkArgument(depth >= 1, "depth must be at least 1, but was %s", depth);
        checkArgument(memoryBytes >= 1, "memoryBytes must be at least 1, but was %s", memoryBytes);
    }

    /** The same with another limit of time. */
    public ScriptLimits withTime(Duration time) {
        return new ScriptLimits(time, outputs, outputBytes, depth, memoryBytes);
    }
}
