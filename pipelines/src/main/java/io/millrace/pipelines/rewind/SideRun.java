package io.millrace.pipelines.rewind;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A job beside that of a pipeline, which begins with a restore point too: that of a rehearsal or of a restatement. It is in the catalog from before anything is there of it until nothing is, so that whoever
 * finds it there can end it.
 *
 * @param jobId the id of the job
 * @param jobName the name that it is shown under
 * @param index the index of the point that was written for it
 * @param checkpoints the folders in which it may have one of its own, by its id, with its checkpoints
 * @param isOver whether it is being ended, so that its job must not begin any more
 */
public record SideRun(String jobId, String jobName, String index, List<String> checkpoints, boolean isOver) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VERSION = 1;

    public SideRun {
        checkpoints = List.copyOf(checkpoints);
    }

    /** The same, being ended. */
    public SideRun over() {
        return new SideRun(jobId, jobName, index, checkpoints, true);
    }

    /** The same under another id, of which nothing is there yet. */
    public SideRun as(String id) {
        return new SideRun(id, jobName, "", checkpoints, false);
    }

    byte[] json() {
        return tree().toString().getBytes(UTF_8);
    }

    /** As an object in others. */
    ObjectNode tree() {
        ObjectNode json = JSON.createObjectNode();
        json.put("sideRunVersion", VERSION);
        json.put("jobId", jobId);
        json.put("jobName", jobName);
        json.put("index", index);
        checkpoints.forEach(json.putArray("checkpoints")::add);
        json.put("isOver", isOver);
        return json;
    }

    /**
     * Reads what {@link #json()} gives.
     *
     * @throws IOException if it is none, or one of another version
     */
    static SideRun parse(byte[] text) throws IOException {
        return parse(JSON.readTree(text));
    }

    /** Reads what {@link #tree()} gives. */
    static SideRun parse(JsonNode json) throws IOException {
        if (json.path("sideRunVersion").asInt() != VERSION) {
            throw new IOException("a side run must be of version " + VERSION + ", but was " + json);
        }
        List<String> checkpoints = new ArrayList<>();
        json.path("checkpoints").forEach(folder -> checkpoints.add(folder.asText()));
        return new SideRun(
                json.path("jobId").asText(),
                json.path("jobName").asText(),
                json.path("index").asText(),
                checkpoints,
                json.path("isOver").asBoolean());
    }
}
