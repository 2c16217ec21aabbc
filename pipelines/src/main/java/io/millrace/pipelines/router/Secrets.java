package io.millrace.pipelines.router;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.io.config.References;
import java.util.Map;
import java.util.regex.Pattern;

/** What may be a secret that is written out, going by its name: it must not be shown. */
final class Secrets {
    private static final Pattern SECRET = Pattern.compile("(?i)password|secret|jaas|token|credential");
    private static final Pattern CLIENTS_SECRET = Pattern.compile("(?i)key|" + SECRET.pattern());
    private static final String CLIENTS_PROPERTIES = "properties";

    private Secrets() {}

    /** Whether a property of a client may be one. */
    static boolean mayBe(String property, String value) {
        return CLIENTS_SECRET.matcher(property).find() && !References.isReference(value);
    }

    /** Whether a text has the name of one in it. */
    static boolean mayBeIn(String text) {
        return SECRET.matcher(text).find() && !References.hasReference(text);
    }

    /** Whether one may be in a document, where those of a client are in an object {@code properties}. */
    static boolean mayBeIn(JsonNode document) {
        return mayBeIn(document, SECRET);
    }

    private static boolean mayBeIn(JsonNode node, Pattern names) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            JsonNode value = field.getValue();
            boolean isSecret = value.isValueNode()
                    && names.matcher(field.getKey()).find()
                    && !References.isReference(value.asText());
            if (isSecret || mayBeIn(value, field.getKey().equals(CLIENTS_PROPERTIES) ? CLIENTS_SECRET : names)) {
                return true;
            }
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                if (mayBeIn(element, names)) {
                    return true;
                }
            }
        }
        return false;
    }
}
