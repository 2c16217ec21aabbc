package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.References;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The configuration of Kafka clients, with references resolved: made where a client is opened, and handed to nobody else. */
final class ClientProperties {
    private ClientProperties() {}

    /** The user's settings, resolved, and where the cluster is. */
    static Map<String, Object> resolve(String bootstrapServers, Map<String, String> properties) {
        Map<String, Object> resolved = new HashMap<>(References.resolve(properties));
        resolved.put("bootstrap.servers", References.resolve(bootstrapServers));
        return resolved;
    }

    static void checkNoneOf(Set<String> reserved, Map<String, String> properties) {
        properties
                .keySet()
                .forEach(name -> checkArgument(
                        !reserved.contains(name), "properties must leave %s to Millrace, but set it", name));
    }
}
