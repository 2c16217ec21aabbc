package io.millrace.benchmarks.coisolated;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.pipelines.router.RouterPipeline;
import io.millrace.runnerprofiles.JobShape;
import io.millrace.runnerprofiles.Launcher;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.transforms.event.Run;
import java.util.List;
import org.apache.beam.sdk.Pipeline;

/** All routes of a spec as one job in this process, with its profile's own options and all metrics. */
final class SharedJob {
    private SharedJob() {}

    static void run(String text, int parallelism) throws SpecProblems {
        RouterSpec spec = SpecReader.read(text, SpecReader.Target.LOCAL);
        RunnerProfile profile = RunnerProfile.FLINK_LOCAL;
        Pipeline pipeline = Pipeline.create(
                profile.options(new JobShape(spec.name(), true, false), List.of("--parallelism=" + parallelism)));
        pipeline.apply(spec.name(), RouterPipeline.of(spec, new Run(spec.name(), spec.specVersion(), "benchmark", 0)));
        try (Launcher launcher = profile.launcher()) {
            launcher.start(pipeline).waitUntilFinish();
        }
    }
}
