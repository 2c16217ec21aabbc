package io.millrace.pipelines.router;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.io.config.References;
import java.util.Map;
import java.util.regex.Pattern;

/** What may be a secret that is written out, going by its name: it must not be shown. */
final class Secrets {
    private static final Pattern SECRET = Pattern.compile("(?i)password|secret|token|credential");
    private static final Pattern CLIENTS_SECRET = Pattern.compile("(?i)key|" + SECRET.pattern());
    private static final Pattern NO_SECRET = Pattern.compile("(?i)(location|type|algorithm|provider)$");
    private static final Pattern WITH_CREDENTIALS = Pattern.compile("(?i)jaas");
    private static final Pattern CREDENTIALS = Pattern.compile("(?i)(" + SECRET.pattern() + ")\\s*=");
    private static final String CLIENTS_PROPERTIES = "properties";

    private Secrets() {}

    /** Whether a property of a client may be one. */
    static boolean mayBe(String property, String value) {
        return mayBe(property, value, CLIENTS_SECRET);
    }

    private static boolean mayBe(String name, String value, Pattern names) {
        if (References.hasReference(value)) {
            return false;
        }
        return WITH_CREDENTIALS.matcher(name).find()
                ? CREDENTIALS.matcher(value).find()
                : names.matcher(name).find() && !NO_SECRET.matcher(name).find();
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
            boolean isSecret = value.isValueNode() && mayBe(field.getKey(), value.asText(), names);
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
