package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a consumer keeps of a topic that {@link KafkaEvents#write} has written when it drops repeats: in each partition one
 * high-water mark for each input partition and epoch, and nothing at or below it.
 */
final class RepeatsDropped {
    private final Map<InputPartition, Long> highWaterMarks = new HashMap<>();

    private RepeatsDropped() {}

    static List<ConsumerRecord<byte[], byte[]>> of(List<ConsumerRecord<byte[], byte[]>> written) {
        RepeatsDropped consumer = new RepeatsDropped();
        List<ConsumerRecord<byte[], byte[]>> kept = new ArrayList<>(written);
        kept.removeIf(consumer::isRepeat);
        return kept;
    }

    private boolean isRepeat(ConsumerRecord<byte[], byte[]> written) {
        Origin origin = ResultId.parse(header(written, "millrace-id")).origin();
        InputPartition input = new InputPartition(
                written.partition(), header(written, "millrace-epoch"), origin.stream(), origin.partition());
        Long mark = highWaterMarks.get(input);
        if (mark != null && origin.offset() <= mark) {
            return true;
        }
        highWaterMarks.put(input, origin.offset());
        return false;
    }

    private static String header(ConsumerRecord<byte[], byte[]> written, String name) {
        return new String(written.headers().lastHeader(name).value(), UTF_8);
    }

    private record InputPartition(int writtenTo, String epoch, String stream, int partition) {}
}
