package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a consumer holds who follows {@link Deduplicate}, and puts what it reads of all partitions in one place. */
final class HeldByConsumer {
    private HeldByConsumer() {}

    /** The values, by identity. */
    static Map<String, String> of(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, String> held = new TreeMap<>();
        Map<Integer, Deduplicate> partitions = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> read : records) {
            String id = new String(read.headers().lastHeader("millrace-id").value(), UTF_8);
            switch (partitions
                    .computeIfAbsent(read.partition(), first -> Deduplicate.fromTheStart())
                    .judge(read.headers())) {
                case NEW, CORRECTION -> held.put(id, new String(read.value(), UTF_8));
                case RETRACTION -> held.remove(id);
                case REPEAT, STALE -> {}
            }
        }
        return held;
    }
}
