package io.millrace.benchmarks.router;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** As most would write it: read a tree, look, make another tree, write it. */
final class TreePlays implements Plays {
    private static final Set<String> COUNTRIES = Set.of("US", "CA");

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public byte @Nullable [] route(byte[] event) throws IOException {
        JsonNode play = json.readTree(event);
        if (play.path("duration_s").asInt() <= 60
                || !COUNTRIES.contains(play.path("country").asText())) {
            return null;
        }
        ObjectNode result = json.createObjectNode();
        for (String field : Task.FIELDS) {
            result.set(field, play.get(field));
        }
        return json.writeValueAsBytes(result);
    }
}
