package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkState;

import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.jspecify.annotations.Nullable;

/** Gives the partitions that a sink's topic has. */
final class PartitionsFn extends DoFn<String, Integer> {
    private static final long serialVersionUID = 1;

    private final KafkaSink sink;

    PartitionsFn(KafkaSink sink) {
        this.sink = sink;
    }

    @ProcessElement
    public void process(@Element String topic, OutputReceiver<Integer> out) {
        try (Consumer<byte[], byte[]> consumer = ReadPartitionFn.open(sink)) {
            @Nullable List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            checkState(
                    partitions != null && !partitions.isEmpty(),
                    "topic %s must be at %s, but does not exist",
                    topic,
                    sink.bootstrapServers());
            partitions.forEach(partition -> out.output(partition.partition()));
        }
    }
}
