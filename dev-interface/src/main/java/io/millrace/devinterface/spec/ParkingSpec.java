package io.millrace.devinterface.spec;

import io.millrace.io.config.Setting;
import io.millrace.io.kafka.KafkaParking;

/** Where the events of routes wait whose sinks do not keep up. */
public record ParkingSpec(
        @Setting("Topics of Kafka, one for each route that has to wait.")
        KafkaParking kafka) {}
