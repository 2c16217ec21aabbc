package io.millrace.benchmarks.enrich;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.Work;
import io.millrace.pipelines.Millrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A route with a {@link Lookup}, from Kafka to Kafka, as a user runs it. */
public final class EnrichedRoute implements Work {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void run(List<String> arguments) throws IOException {
        Lookup lookup = Lookup.parse(arguments);
        Path spec = write(Files.createTempFile("enrich", ".json"), Assignment.parse(arguments), lookup);
        Millrace.main(new String[] {
            "router", "--spec=" + spec, "--runner=flink-local", "--parallelism=" + lookup.parallelism()
        });
    }

    /** Writes a spec of it into a file. */
    static Path write(Path file, Assignment assignment, Lookup lookup) {
        try {
            JSON.writeValue(file.toFile(), spec(assignment, lookup));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> spec(Assignment assignment, Lookup lookup) {
        String servers = assignment.bootstrapServers();
        Map<String, Object> source = kafka(servers, Map.of("topics", List.of(assignment.input()), "start", "earliest"));
        Map<String, Object> route = Map.of(
                "name",
                "enriched",
                "enrich",
                List.of(enrich(lookup)),
                "sink",
                kafka(servers, Map.of("topic", assignment.output())));
        return Map.of(
                "name",
                "benchmark",
                "source",
                source,
                "routes",
                List.of(route),
                "deadLetters",
                Map.of("console", Map.of()));
    }

    private static Map<String, Object> enrich(Lookup lookup) {
        Map<String, Object> enrich = new HashMap<>(Map.of(
                "into",
                "history",
                "key",
                "event.profile_id",
                "http",
                Map.of("url", lookup.url() + "/history/{key}"),
                "maxInFlight",
                lookup.maxInFlight()));
        if (lookup.callsPerSecond() > 0) {
            enrich.put("callsPerSecond", lookup.callsPerSecond());
        }
        if (lookup.cached()) {
            enrich.put("cache", Map.of("maxAge", "PT1H", "maxEntries", 10_000_000));
        }
        return enrich;
    }

    private static Map<String, Object> kafka(String bootstrapServers, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrapServers", bootstrapServers);
        return Map.of("kafka", all);
    }
}
