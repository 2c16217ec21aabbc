package io.millrace.runnerprofiles;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.base.Preconditions.checkArgument;

/**
 * What a profile needs to know of a job to choose its options.
 *
 * @param jobName the name it is shown under
 * @param stream whether it reads a stream, such as Kafka: what was read is known by checkpoints, also where the stream ends
 * @param ends whether its input comes to an end, so that the job finishes
 * @param asks whether it looks elements up in a service, whose answers are awaited before a bundle ends
 */
public record JobShape(String jobName, boolean stream, boolean ends, boolean asks) {

    public JobShape {
        checkArgument(!jobName.isEmpty(), "jobName must not be empty");
    }

    /** A job that asks nobody. */
    public JobShape(String jobName, boolean stream, boolean ends) {
        this(jobName, stream, ends, false);
    }

    /** The same, asking a service for its elements. */
    public JobShape asking() {
        return new JobShape(jobName, stream, ends, true);
    }
}
