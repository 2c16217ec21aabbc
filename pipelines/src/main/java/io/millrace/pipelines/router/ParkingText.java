package io.millrace.pipelines.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.io.kafka.KafkaParking;
import java.util.Map;
import java.util.TreeMap;

/** Parking as text that may be shown: without what could be a secret, unless it is a reference to one. */
final class ParkingText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ParkingText() {}

    static String of(KafkaParking parking) {
        Map<String, String> shown = new TreeMap<>(parking.properties());
        shown.entrySet().removeIf(property -> Secrets.mayBe(property.getKey(), property.getValue()));
        try {
            return JSON.writeValueAsString(
                    new KafkaParking(parking.bootstrapServers(), parking.topicPrefix(), parking.partitions(), shown));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static KafkaParking parse(String text) {
        try {
            return JSON.readValue(text, KafkaParking.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("parking must be as a job shows it, but was " + text, e);
        }
    }
}
