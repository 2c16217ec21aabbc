package io.millrace.io.kafka;

import io.millrace.io.bulkhead.Parking;
import io.millrace.io.bulkhead.ParkingLot;
import io.millrace.io.bulkhead.Retrieval;
import java.util.Collection;

/** Parking in topics of Kafka, one for each route. */
final class TopicParking implements Parking {
    private static final long serialVersionUID = 1;

    private final KafkaParking settings;

    TopicParking(KafkaParking settings) {
        this.settings = settings;
    }

    @Override
    public ParkingLot open(Collection<String> routes) throws InterruptedException {
        return TopicLot.open(settings, routes);
    }

    @Override
    public Retrieval retrieve(Collection<String> routes, int part, int parts) {
        return new TopicRetrieval(settings, routes, part, parts);
    }
}
