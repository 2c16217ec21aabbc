package io.millrace.io.kafka;

import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** The runners on which reads and writes are shown. */
enum Runner {
    DIRECT {
        @Override
        PipelineOptions options() {
            DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);
            options.setRunner(DirectRunner.class);
            options.setTargetParallelism(2);
            return options;
        }
    },

    FLINK {
        @Override
        PipelineOptions options() {
            FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
            options.setRunner(FlinkRunner.class);
            options.setFlinkMaster("[local]");
            options.setParallelism(2);
            options.setStreaming(true);
            options.setCheckpointingInterval(500L);
            options.setFinishBundleBeforeCheckpointing(true);
            options.setObjectReuse(true);
            options.setFasterCopy(true);
            options.setMaxBundleTimeMills(100L);
            options.setShutdownSourcesAfterIdleMs(
                    0L); // for the Create of a PAssert: with checkpoints it would never end
            return options;
        }
    };

    abstract PipelineOptions options();

    Pipeline pipeline() {
        return Pipeline.create(options());
    }
}
