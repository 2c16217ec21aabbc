package io.millrace.io.bulkhead;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import java.io.Serializable;

/** A route's share in a shared job: what may be on its way to its sink at a time, in each task. A sink that does not take it in half a
 * second is slow. */
public record InFlight(
        @Setting(value = "How many events.", byDefault = "10000")
        int records,

        @Setting(value = "How many bytes, of keys, values and headers.", byDefault = "16777216")
        long bytes)
        implements Serializable {

    /** A route's share unless it says otherwise. */
    public static final InFlight DEFAULT = new InFlight(10_000, 16L << 20);

    public InFlight {
        checkArgument(records >= 1, "records must be at least 1, but was %s", records);
        checkArgument(bytes >= 1, "bytes must be at least 1, but was %s", bytes);
    }
}
