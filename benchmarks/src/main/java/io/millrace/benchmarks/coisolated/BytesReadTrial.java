package io.millrace.benchmarks.coisolated;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ContenderProcess;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.Workload;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What a broker sends to a job that reads a topic once, from its first event to its last; nothing else reads meanwhile. */
final class BytesReadTrial {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final KafkaBroker broker;
    private final Workload workload;
    private final Path folder;

    BytesReadTrial(KafkaBroker broker, Workload workload, Path folder) {
        this.broker = broker;
        this.workload = workload;
        this.folder = folder;
    }

    /** The bytes for one job of so many routes. */
    long bytesFor(int routes) {
        Assignment assignment = new Assignment(broker.bootstrapServers(), workload.topic(), "none");
        try (BrokerTraffic traffic = BrokerTraffic.of(broker)) {
            long before = traffic.bytesOut();
            try (ContenderProcess job = ContenderProcess.start(
                    RoutesWithoutSinks.class,
                    assignment,
                    List.of(Integer.toString(routes)),
                    folder.resolve("bytes-" + routes),
                    List.of("-Xmx" + Lane.HEAP_OF_512_MB))) {
                Eventually.within(PATIENCE)
                        .until("all events to be read", () -> job.sample().eventsRead() >= workload.events());
            }
            return traffic.bytesOut() - before;
        }
    }
}
