package io.millrace.runnerprofiles;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;

/**
 * Runs pipelines in this process, several at the same time.
 *
 * <p>What {@link #start} gives does not wait: its metrics can be read while the pipeline runs, {@code waitUntilFinish()}
 * throws the failure of a pipeline that failed, and {@code cancel()} stops it.
 */
public interface Launcher extends AutoCloseable {

    /** Starts a pipeline that was made with the profile's options. */
    PipelineResult start(Pipeline pipeline);

    /** Stops whatever still runs. */
    @Override
    void close();
}
