package io.millrace.benchmarks.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.joda.time.Duration;

/** A Beam pipeline as Beam's documentation would have it: texts, a parse in each step, the options as they are. */
final class NaiveBeam {
    private NaiveBeam() {}

    static void run(Task task) {
        FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
        options.setRunner(FlinkRunner.class);
        options.setFlinkMaster("[local]");
        options.setStreaming(true);
        options.setParallelism(task.parallelism());
        options.setCheckpointingInterval(Task.CHECKPOINTING_INTERVAL_MILLIS);
        Pipeline pipeline = Pipeline.create(options);
        pipeline.apply(
                        "Read",
                        KafkaIO.<String, String>read()
                                .withBootstrapServers(task.bootstrapServers())
                                .withTopic(task.input())
                                .withKeyDeserializer(StringDeserializer.class)
                                .withValueDeserializer(StringDeserializer.class)
                                .withConsumerConfigUpdates(Map.of("auto.offset.reset", "earliest"))
                                .withCreateTime(Duration.standardSeconds(10))
                                .withoutMetadata())
                .apply("Filter", ParDo.of(new FilterFn()))
                .apply("Project", ParDo.of(new ProjectFn()))
                .apply(
                        "Write",
                        KafkaIO.<String, String>write()
                                .withBootstrapServers(task.bootstrapServers())
                                .withTopic(task.output())
                                .withKeySerializer(StringSerializer.class)
                                .withValueSerializer(StringSerializer.class)
                                .withInputTimestamp());
        pipeline.run().waitUntilFinish();
    }

    private static final class FilterFn extends DoFn<KV<String, String>, KV<String, String>> {
        private static final long serialVersionUID = 1;
        private static final ObjectMapper JSON = new ObjectMapper();

        @ProcessElement
        public void process(@Element KV<String, String> event, OutputReceiver<KV<String, String>> out)
                throws JsonProcessingException {
            JsonNode play = JSON.readTree(event.getValue());
            String country = play.path("country").asText();
            if (play.path("duration_s").asInt() > 60 && (country.equals("US") || country.equals("CA"))) {
                out.output(event);
            }
        }
    }

    private static final class ProjectFn extends DoFn<KV<String, String>, KV<String, String>> {
        private static final long serialVersionUID = 1;
        private static final ObjectMapper JSON = new ObjectMapper();

        @ProcessElement
        public void process(@Element KV<String, String> event, OutputReceiver<KV<String, String>> out)
                throws JsonProcessingException {
            JsonNode play = JSON.readTree(event.getValue());
            ObjectNode result = JSON.createObjectNode();
            Task.FIELDS.forEach(field -> result.set(field, play.get(field)));
            out.output(KV.of(event.getKey(), JSON.writeValueAsString(result)));
        }
    }
}
