package io.millrace.io.sample;

import io.millrace.runnerprofiles.sample.SampleProfile;
import org.apache.kafka.common.TopicPartition;

/** Knows a module above it, and Kafka outside of Kafka's room. */
public final class KnowsProfiles {
    SampleProfile profile;
    TopicPartition partition;
}
