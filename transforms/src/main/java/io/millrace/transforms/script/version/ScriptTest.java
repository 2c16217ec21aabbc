package io.millrace.transforms.script.version;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a script has to make of an event before it is accepted.
 *
 * <p>Numbers are compared by their value, objects without regard to the order of their fields.
 *
 * @param event the event's value
 * @param key the event's key, or null
 * @param headers the event's headers
 * @param time the event's time, or null for the time from which the version is in force
 * @param expect an object or an array of objects: the results; null: none; for a script that filters alone, true or false
 */
public record ScriptTest(
        ObjectNode event,
        @Nullable String key,
        Map<String, String> headers,
        @Nullable Instant time,
        JsonNode expect) {

    public ScriptTest {
        headers = Map.copyOf(headers);
    }

    /** A test of an event that is its value alone. */
    public static ScriptTest of(ObjectNode event, JsonNode expect) {
        return new ScriptTest(event, null, Map.of(), null, expect);
    }
}
