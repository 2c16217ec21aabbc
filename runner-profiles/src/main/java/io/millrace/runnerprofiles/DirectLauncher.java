package io.millrace.runnerprofiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;

/** Runs pipelines on Beam's DirectRunner. */
final class DirectLauncher implements Launcher {
    private final Queue<PipelineResult> started = new ConcurrentLinkedQueue<>();

    @Override
    public PipelineResult start(Pipeline pipeline) {
        PipelineResult result = pipeline.run();
        started.add(result);
        return result;
    }

    @Override
    public void close() {
        for (PipelineResult result : started) {
            cancelIfRunning(result);
        }
    }

    private static void cancelIfRunning(PipelineResult result) {
        if (result.getState().isTerminal()) {
            return;
        }
        try {
            result.cancel();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
