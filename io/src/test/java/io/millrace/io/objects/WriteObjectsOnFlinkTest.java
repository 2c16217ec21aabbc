package io.millrace.io.objects;

import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestPipeline;

public class WriteObjectsOnFlinkTest extends WriteObjectsCases {

    @Override
    PipelineOptions options() {
        return flink();
    }

    static PipelineOptions flink() {
        FlinkPipelineOptions options = TestPipeline.testingPipelineOptions().as(FlinkPipelineOptions.class);
        options.setRunner(FlinkRunner.class);
        options.setFlinkMaster("[local]");
        options.setStreaming(true);
        options.setParallelism(1);
        options.setMaxBundleSize(1L);
        return options;
    }
}
