package io.millrace.transforms.script.engine;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.script.ScriptFailure;
import io.millrace.transforms.script.ScriptLimits;
import java.util.ArrayList;
import java.util.List;

/** The results of one event, as many and as long as they may be. */
public final class Results {
    private final ScriptLimits limits;
    private final List<byte[]> results = new ArrayList<>(1);
    private long bytes;

    /** None yet. */
    public Results(ScriptLimits limits) {
        this.limits = limits;
    }

    /** Takes one more. */
    public void add(byte[] result) throws ScriptFailure {
        if (results.size() == limits.outputs()) {
            throw new ScriptFailure(Reason.SCRIPT_LIMIT, "the script gave more than " + limits.outputs() + " results");
        }
        bytes += result.length;
        if (bytes > limits.outputBytes()) {
            throw new ScriptFailure(
                    Reason.SCRIPT_LIMIT, "the script gave more than " + limits.outputBytes() + " bytes");
        }
        results.add(result);
    }

    /** All of them. */
    public List<byte[]> all() {
        return results;
    }
}
