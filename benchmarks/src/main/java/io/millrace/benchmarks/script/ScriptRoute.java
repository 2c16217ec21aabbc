package io.millrace.benchmarks.script;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.Work;
import io.millrace.pipelines.Millrace;
import io.millrace.testfixtures.scripts.HostileScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A route with a script, from Kafka to Kafka, as a user runs it. Its arguments: where the script comes from, {@link #STATIC},
 * {@link #HOSTILE} or the control topic of a dynamic one; and the parallelism.
 */
public final class ScriptRoute implements Work {
    static final String STATIC = "static";
    static final String HOSTILE = "hostile";
    static final String SOURCE = """
            function filter(event) {
              return event.duration_s > 60 && (event.country === 'US' || event.country === 'CA');
            }
            function map(event) {
              return { profile_id: event.profile_id, title_id: event.title_id, minutes: event.duration_s / 60 };
            }
            """;
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<String> arguments(String script, int parallelism) {
        return List.of(script, Integer.toString(parallelism));
    }

    @Override
    public void run(List<String> arguments) throws IOException {
        Assignment assignment = Assignment.parse(arguments);
        String script = arguments.get(Assignment.ARGUMENTS);
        Path spec = Files.createTempFile("script", ".json");
        JSON.writeValue(spec.toFile(), spec(assignment, script(script, assignment.bootstrapServers())));
        Millrace.main(new String[] {
            "router",
            "--spec=" + spec,
            "--runner=flink-local",
            "--parallelism=" + arguments.get(Assignment.ARGUMENTS + 1)
        });
    }

    private static Map<String, Object> script(String script, String bootstrapServers) {
        return switch (script) {
            case STATIC -> Map.of("source", SOURCE);
            case HOSTILE -> Map.of("source", HostileScript.source(), "function", "map");
            default -> Map.of("dynamic", kafka(bootstrapServers, Map.of("topic", script)));
        };
    }

    private static Map<String, Object> spec(Assignment assignment, Map<String, Object> script) {
        String servers = assignment.bootstrapServers();
        return Map.of(
                "name", "benchmark",
                "source", kafka(servers, Map.of("topics", List.of(assignment.input()), "start", "earliest")),
                "routes",
                        List.of(Map.of(
                                "name",
                                "scripted",
                                "script",
                                script,
                                "sink",
                                kafka(servers, Map.of("topic", assignment.output())))),
                "deadLetters", Map.of("console", Map.of()));
    }

    private static Map<String, Object> kafka(String bootstrapServers, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrapServers", bootstrapServers);
        return Map.of("kafka", all);
    }
}
