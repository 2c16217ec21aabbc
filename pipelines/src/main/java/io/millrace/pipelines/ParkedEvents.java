package io.millrace.pipelines;

import static java.util.stream.Collectors.joining;

import io.millrace.io.bulkhead.Retrieval;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaParking;
import io.millrace.runnerprofiles.FlinkClusterException;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Events of routes that wait in topics, since their sinks do not keep up. */
final class ParkedEvents {
    private ParkedEvents() {}

    /**
     * Checks that no events of routes wait.
     *
     * @param otherwise what to do where some do
     * @throws FlinkClusterException if some do, or it cannot be seen
     */
    static void checkNone(KafkaParking parking, Collection<String> routes, String otherwise) {
        try (Retrieval retrieval = KafkaEvents.parking(parking).retrieve(routes, 0, 1)) {
            Set<String> waiting = new TreeSet<>(retrieval.routes());
            if (!waiting.isEmpty()) {
                throw new FlinkClusterException("events wait in "
                        + waiting.stream().map(parking::topic).collect(joining(", "))
                        + ", since the sink of their route does not keep up: " + otherwise);
            }
        } catch (IOException e) {
            throw new FlinkClusterException("it cannot be read which events are parked: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkClusterException("interrupted while looking for parked events", e);
        }
    }
}
