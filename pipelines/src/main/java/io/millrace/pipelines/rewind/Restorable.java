package io.millrace.pipelines.rewind;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.pipelines.router.JobOptions;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A job that has left restore points: what it said of itself, which a cluster shows for as long as it remembers the job.
 *
 * @param id its id on its cluster
 * @param startedAt when it was started
 * @param flinkVersion the version of Flink that it ran on
 * @param shown the options that its cluster showed
 */
public record Restorable(String id, Instant startedAt, String flinkVersion, Map<String, String> shown) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> OPTIONS = new TypeReference<>() {};
    private static final int VERSION = 1;

    public Restorable {
        shown = Map.copyOf(shown);
    }

    /** Its steps that are in savepoints, but for those that read its sources: others may read streams too, such as changelogs and requests. */
    public Set<String> stepsBesideSources() {
        String pipeline = shown.getOrDefault(JobOptions.PIPELINE, "");
        return JobOptions.steps(shown).stateful().stream()
                .filter(step -> !step.startsWith(pipeline + "/source/") && !step.startsWith(pipeline + "/source-"))
                .collect(Collectors.toSet());
    }

    byte[] json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("jobVersion", VERSION);
        json.put("id", id);
        json.put("startedAt", startedAt.toString());
        json.put("flinkVersion", flinkVersion);
        json.set("shown", JSON.valueToTree(new TreeMap<>(shown)));
        return json.toString().getBytes(UTF_8);
    }

    /**
     * Reads what {@link #json()} gives.
     *
     * @throws IOException if it is no job, or one of another version
     */
    static Restorable parse(byte[] text) throws IOException {
        JsonNode json = JSON.readTree(text);
        if (json.path("jobVersion").asInt() != VERSION) {
            throw new IOException("a job must be of version " + VERSION + ", but was " + new String(text, UTF_8));
        }
        return new Restorable(
                json.path("id").asText(),
                Instant.parse(json.path("startedAt").asText()),
                json.path("flinkVersion").asText(),
                JSON.convertValue(json.path("shown"), OPTIONS));
    }
}
