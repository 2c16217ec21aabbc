package io.millrace.devinterface.spec;

import io.millrace.io.config.Setting;
import io.millrace.io.kafka.RequestTopic;

/** Where requests to a view come from, and where they are answered. */
public record ViewControlSpec(
        @Setting(
                value = "A topic of Kafka, which is the view's own.",
                example = "{bootstrapServers: \"localhost:9092\", topic: locations-control}")
        RequestTopic kafka) {}
