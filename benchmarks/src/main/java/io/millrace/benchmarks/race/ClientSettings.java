package io.millrace.benchmarks.race;

import java.util.Map;
import java.util.Properties;

/** Settings of Kafka's clients for jobs that are written by hand. */
public final class ClientSettings {
    private ClientSettings() {}

    /** As texts, since Flink's source reads no others. */
    public static Properties properties(Map<String, ?> settings) {
        Properties properties = new Properties();
        settings.forEach((name, value) -> properties.setProperty(name, value.toString()));
        return properties;
    }
}
