package io.millrace.io.kafka;

import org.apache.kafka.common.TopicPartition;

/** Kafka's own room. */
public final class SampleKafka {
    TopicPartition partition;
}
