package io.millrace.benchmarks.script;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.benchmarks.expression.Shape;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The same in Java by hand, over a tree of Jackson's: what one writes who does not think of speed. */
final class TreeStep implements Step {
    private final ObjectMapper json = new ObjectMapper();
    private final boolean flat;

    TreeStep(Shape shape) {
        this.flat = shape == Shape.FLAT;
    }

    @Override
    public byte @Nullable [] run(byte[] document) throws IOException {
        JsonNode event = json.readTree(document);
        int duration = flat
                ? event.get("duration").asInt()
                : event.get("play").get("duration").asInt();
        String country = flat
                ? event.get("country").asText()
                : event.get("geo").get("country").asText();
        if (duration <= 60 || !(country.equals("US") || country.equals("CA"))) {
            return null;
        }
        ObjectNode result = json.createObjectNode();
        result.set("id", event.get("id"));
        result.set("user", flat ? event.get("user") : event.get("user").get("id"));
        result.set("title", flat ? event.get("title") : event.get("title").get("id"));
        result.put("minutes", duration / 60.0);
        return json.writeValueAsBytes(result);
    }
}
