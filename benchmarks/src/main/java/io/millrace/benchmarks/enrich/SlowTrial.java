package io.millrace.benchmarks.enrich;

import io.millrace.benchmarks.race.Arrivals;
import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ContenderProcess;
import io.millrace.benchmarks.race.Latency;
import io.millrace.benchmarks.race.PacedLoad;
import io.millrace.benchmarks.race.Work;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How long it takes from the broker's acceptance of an event until a consumer has its result, where events come seldom. */
final class SlowTrial {
    private static final double EVENTS_PER_SECOND = 2;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KafkaBroker broker;
    private final Path folder;
    private final Duration counted;

    SlowTrial(KafkaBroker broker, Path folder, Duration counted) {
        this.broker = broker;
        this.folder = folder;
        this.counted = counted;
    }

    Latency run(Class<? extends Work> work, Lookup lookup) {
        String input = "slow-" + work.getSimpleName();
        String output = input + "-results";
        broker.createTopic(input, 1, Map.of("message.timestamp.type", "LogAppendTime"));
        broker.createTopic(output, 1);
        Assignment assignment = new Assignment(broker.bootstrapServers(), input, output);
        try (ContenderProcess process = ContenderProcess.start(
                        work, assignment, lookup.arguments(), folder.resolve(output), List.of("-Xmx1g"));
                PacedLoad load = PacedLoad.start(broker, input, 1);
                Arrivals arrivals = Arrivals.of(broker, output, 1)) {
            load.goOn(EVENTS_PER_SECOND);
            Eventually.within(PATIENCE).until("a first result", () -> arrivals.count() > 0);
            arrivals.countFor(WARM_UP);
            arrivals.latency().clear();
            arrivals.countFor(counted);
            process.sample(); // it still lives
            return arrivals.latency();
        }
    }
}
