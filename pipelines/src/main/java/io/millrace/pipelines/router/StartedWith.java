package io.millrace.pipelines.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * With what a job was started on a cluster, so that it can be started again.
 *
 * @param spec its whole spec, as one JSON document
 * @param scriptVersion the version of its scripts; empty for those in force at the events' times
 * @param beamOptions Beam's options, as they were given
 */
public record StartedWith(String spec, String scriptVersion, List<String> beamOptions) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public StartedWith {
        beamOptions = List.copyOf(beamOptions);
    }

    /** As text that may be shown; empty where there may be a secret in it that is no reference. */
    public String text() {
        ObjectNode text = JSON.createObjectNode();
        try {
            text.set("spec", JSON.readTree(spec));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        text.put("scriptVersion", scriptVersion);
        beamOptions.forEach(text.putArray("beamOptions")::add);
        boolean hasSecret = Secrets.mayBeIn(text) || beamOptions.stream().anyMatch(Secrets::mayBeIn);
        return hasSecret ? "" : text.toString();
    }

    /** What {@link #text()} says; nothing where that is empty. */
    public static Optional<StartedWith> parse(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(text);
            List<String> beamOptions = new ArrayList<>();
            json.path("beamOptions").forEach(option -> beamOptions.add(option.asText()));
            return Optional.of(new StartedWith(
                    json.path("spec").toString(), json.path("scriptVersion").asText(), beamOptions));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "what a job was started with must be as it shows it, but was " + text, e);
        }
    }
}
