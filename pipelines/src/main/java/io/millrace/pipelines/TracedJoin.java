package io.millrace.pipelines;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.devinterface.spec.JoinTracesSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.pipelines.join.trace.StoredTraces;
import io.millrace.pipelines.join.trace.TraceDocument;
import io.millrace.pipelines.router.Pipelines;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.RunnerProfile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A join of which some keys are told of.
 *
 * @param spec the spec that it is in
 * @param name its name
 * @param join what it is
 * @param stored where its traces are
 */
record TracedJoin(RouterSpec spec, String name, JoinSpec join, StoredTraces stored) {

    /** Its traces that are wanted, each once. */
    Set<TraceDocument> read(Predicate<TraceDocument> isWanted) throws IOException {
        Problems problems = new Problems();
        Optional<PipelineOptions> options =
                problems.noting(() -> RunnerProfile.DIRECT.options(RouterJob.SHAPE_OF_ANY, List.of()));
        problems.throwIfAny();
        return stored.read(
                Pipelines.withSettings(spec, options.orElseThrow()),
                trace -> trace.join().equals(name) && isWanted.test(trace));
    }

    /** Which keys are told of, where the spec says it. */
    Optional<JoinTracesSpec> traces() {
        return Optional.ofNullable(join.traces());
    }
}
