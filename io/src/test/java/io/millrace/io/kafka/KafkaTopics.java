package io.millrace.io.kafka;

import io.millrace.testfixtures.kafka.KafkaRule;
import java.util.Map;

/** Topics that keep records of any time: by default a broker deletes those older than a week. */
final class KafkaTopics {
    private static final Map<String, String> KEEPING = Map.of("retention.ms", "-1");

    private KafkaTopics() {}

    static String topic(KafkaRule kafka, String name) {
        return topic(kafka, name, 1);
    }

    static String topic(KafkaRule kafka, String name, int partitions) {
        return kafka.topic(name, partitions, KEEPING);
    }
}
