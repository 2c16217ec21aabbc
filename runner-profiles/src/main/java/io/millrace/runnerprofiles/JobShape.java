package io.millrace.runnerprofiles;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

/**
 * What a profile needs to know of a job to choose its options.
 *
 * @param jobName the name it is shown under
 * @param stream whether it reads a stream, such as Kafka: what was read is known by checkpoints, also where the stream ends
 * @param ends whether its input comes to an end, so that the job finishes
 * @param asks whether it looks elements up in a service, whose answers are awaited before a bundle ends
 * @param waits whether its elements may have to wait longer than a checkpoint may take: for a service, or for a table
 */
public record JobShape(String jobName, boolean stream, boolean ends, boolean asks, boolean waits) {

    public JobShape {
        checkArgument(!jobName.isEmpty(), "jobName must not be empty");
    }

    /** A job that asks nobody. */
    public JobShape(String jobName, boolean stream, boolean ends) {
        this(jobName, stream, ends, false, false);
    }

    /** The same, asking a service for its elements. */
    public JobShape asking() {
        return new JobShape(jobName, stream, ends, true, true);
    }

    /** The same, holding a table, of which the first is waited for. */
    public JobShape holding() {
        return new JobShape(jobName, stream, ends, asks, true);
    }
}
